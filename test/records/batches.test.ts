/** batches() and slots() of streams of records: whole slots, lent. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type ByteStream, type RecordBatch } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';

const small = { slotSize: 64, slots: 4 };

async function next(batches: AsyncIterator<RecordBatch>): Promise<RecordBatch> {
  return ((await batches.next()) as IteratorYieldResult<RecordBatch>).value;
}

describe('batches() of records', () => {
  const folder = temporaryFolder();
  const TEXT = 'one\ntwo\r\n\nfour\n'.repeat(100);
  let file = '';
  before(() => (file = folder.write('lines', TEXT)));
  const open = (options = {}): ByteStream => createReadStream(file, { records: 'lines', ...options });

  it('lends all records of a slot, by index and one after the other', async () => {
    let sequence = 0;
    let position = 0;
    let timestamp = 0n;
    const lines = TEXT.replaceAll('\r', '').split('\n');
    for await (const batch of open(small).batches()) {
      assert.deepEqual([batch.sequence, batch.bytesBefore], [sequence, position]);
      assert.ok(batch.timestamp >= timestamp && batch.timestamp <= process.hrtime.bigint());
      assert.equal(batch.data.toString(), TEXT.slice(position, position + batch.data.length));
      for (const [i, record] of [...batch].entries()) {
        assert.equal(record.toString(), lines[sequence + i]);
        assert.deepEqual([batch.at(i), batch.size(i), batch.string(i)], [record, record.length, record.toString()]);
        assert.ok(batch.data.subarray(batch.offset(i), batch.offset(i) + batch.size(i)).equals(record));
        assert.equal(record.buffer, batch.data.buffer);
      }
      for (const i of [-1, batch.length, 0.5, NaN, '0' as unknown as number]) {
        assert.deepEqual([batch.at(i), batch.size(i), batch.offset(i), batch.string(i)], [undefined, 0, 0, undefined]);
      }
      sequence += batch.length;
      position += batch.data.length;
      timestamp = batch.timestamp;
    }
    assert.deepEqual([sequence, position], [400, TEXT.length]);
  });

  it('is in the order of what is parted, also where a head is taken off', async () => {
    const bytes = Buffer.from('..\x01a..\x00..\x02bc', 'latin1');
    const records = { prefix: 'u8', offset: 2, strip: true } as const;
    const batch = await next(createReadStream(folder.write('prefixed', bytes), { records }).batches());
    assert.deepEqual(batch.strings(), ['a', '', 'bc']);
    assert.deepEqual(
      [0, 1, 2].map((i) => batch.offset(i)),
      [3, 7, 10],
    );
    assert.ok(batch.data.equals(bytes));
  });

  it('takes the memory back at the next turn: nothing that was kept shows anything', async () => {
    const batches = open(small).batches();
    const batch = await next(batches);
    const { data, sequence, bytesBefore } = batch;
    const record = batch.at(0) as Buffer;
    const strings = batch.strings();
    assert.equal(record.toString(), 'one');
    await next(batches);
    assert.deepEqual([batch.length, data.length, batch.data.length, record.length], [0, 0, 0, 0]);
    assert.deepEqual([batch.at(0), batch.size(0), batch.offset(0), batch.string(0)], [undefined, 0, 0, undefined]);
    assert.deepEqual([[...batch], batch.strings()], [[], []]);
    assert.deepEqual([sequence, bytesBefore, strings[0]], [0, 0, 'one']);
    await batches.return?.();
  });

  it('keeps a batch that is retained until it is released, once', async () => {
    const stream = open(small);
    const batches = stream.batches();
    const batch = await next(batches);
    assert.equal(batch.retain(), batch);
    await next(batches);
    assert.equal(batch.string(0), 'one');
    assert.equal(stream.stats().slotsLent, 2);
    batch.release();
    batch.release();
    assert.equal(stream.stats().slotsLent, 1);
    assert.deepEqual([batch.length, batch.data.length, batch.strings()], [0, 0, []]);
    await batches.return?.();
  });

  it('keeps a batch that is retained beyond the end of its stream', async () => {
    const kept: RecordBatch[] = [];
    const stream = open({ slotSize: 64, slots: 64 });
    for await (const batch of stream.batches()) kept.push(batch.retain());
    await closed(stream);
    assert.equal(kept.flatMap((batch) => batch.strings()).join('\n'), TEXT.replaceAll('\r', '').trimEnd());
    for (const batch of kept) batch.release();
  });

  it('releases with Symbol.dispose', async () => {
    const stream = open();
    const batches = stream.batches();
    const batch = await next(batches);
    batch[Symbol.dispose]();
    assert.equal(batch.length, 0);
    assert.equal(stream.stats().slotsLent, 0);
    await batches.return?.();
  });

  it('treats a record that was longer than a slot like all others', async () => {
    const long = `a\n${'b'.repeat(500)}\r\nc\n`;
    const stream = createReadStream(folder.write('long', long), { records: 'lines', ...small });
    const batches = stream.batches();
    assert.deepEqual((await next(batches)).strings(), ['a']);
    const batch = await next(batches);
    const [record] = batch as unknown as [Buffer];
    assert.deepEqual(
      [batch.length, batch.sequence, batch.bytesBefore, batch.offset(0), batch.size(0)],
      [1, 1, 2, 0, 500],
    );
    assert.deepEqual([batch.string(0), record.toString()], ['b'.repeat(500), 'b'.repeat(500)]);
    const last = await next(batches);
    assert.deepEqual([last.strings(), last.sequence, last.bytesBefore], [['c'], 2, 504]);
    assert.deepEqual([batch.length, batch.data.length, record.length, batch.strings()], [0, 0, 0, []]);
    await batches.return?.();
  });

  it('keeps and releases a record that was longer than a slot', async () => {
    const file = folder.write('long', `${'b'.repeat(500)}\nc\n`);
    const stream = createReadStream(file, { records: 'lines', ...small });
    const batches = stream.batches();
    const batch = (await next(batches)).retain();
    await next(batches);
    assert.equal(batch.string(0), 'b'.repeat(500));
    batch.release();
    assert.deepEqual([batch.length, batch.data.length], [0, 0]);
    await batches.return?.();
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('destroys the stream when it is left early', async () => {
    const stream = open(small);
    for await (const batch of stream.batches()) {
      assert.equal(batch.string(0), 'one');
      break;
    }
    assert.ok(stream.destroyed);
    await closed(stream);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('ends with the code of a premature close when the stream is destroyed', async () => {
    const stream = open(small);
    const batches = stream.batches();
    await next(batches);
    stream.destroy();
    await assert.rejects(batches.next(), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  it('needs records, and the stream alone', () => {
    const plain = createReadStream(file);
    assert.throws(() => plain.batches(), { code: 'ERR_SLIPRING_NO_RECORDS' });
    plain.destroy();
    const stream = open();
    stream.batches();
    for (const call of [() => stream.batches(), () => stream.lines(), () => stream.slots(), () => stream.toWeb()]) {
      assert.throws(call, { code: 'ERR_SLIPRING_BUSY' });
    }
    stream.destroy();
    const read = open().on('data', () => undefined);
    assert.throws(() => read.batches(), { code: 'ERR_SLIPRING_BUSY' });
    read.destroy();
  });
});

describe('slots() of records', () => {
  it('have whole records, which count as delivered', async () => {
    const stream = createPatternStream({ length: 1300, records: { size: 13 }, slotSize: 200 });
    let records = 0;
    for await (const slot of stream.slots()) {
      assert.equal(slot.data.length, 13 * slot.recordCount);
      records += slot.recordCount;
    }
    assert.equal(records, 100);
    const { chunksDelivered, chunksProduced, bytesDelivered } = stream.stats();
    assert.deepEqual([chunksDelivered, chunksProduced, bytesDelivered], [100, 100, 1300]);
  });
});

describe('stats() of a stream of records', () => {
  it('count records as chunks, in every way to read', async () => {
    const open = (): ByteStream => createPatternStream({ length: 1300, records: { size: 13 }, slotSize: 200 });
    for (const way of [
      (stream: ByteStream) => stream,
      (stream: ByteStream) => stream.lines(),
      (stream: ByteStream) => stream.batches(),
      (stream: ByteStream) => stream.toWeb(),
    ]) {
      const stream = open();
      for await (const item of way(stream)) void item;
      const { chunksDelivered, chunksProduced, droppedChunks, bytesDelivered } = stream.stats();
      assert.deepEqual([chunksDelivered, chunksProduced, droppedChunks, bytesDelivered], [100, 100, 0, 1300]);
    }
  });

  it('count those that were handed on, not those of a slot', async () => {
    const stream = createPatternStream({ length: 1300, records: { size: 13 } });
    for await (const record of stream.lines()) {
      void record;
      if (stream.stats().chunksDelivered === 5) break;
    }
    assert.equal(stream.stats().chunksDelivered, 5);
  });
});

/** A stream of records is a Readable: what is done to it in the middle of a slot holds for the next record. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { createReadStream, type ByteStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, turn } from '../helpers/waiting';

const ALL = Array.from({ length: 1000 }, (_, i) => `line ${i}`);

describe('a stream of records', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => (file = folder.write('lines', ALL.join('\n'))));
  const open = (): ByteStream => createReadStream(file, { records: 'lines', encoding: 'utf8' });

  it('gives one record for each read(), whatever size is asked for', async () => {
    const stream = open();
    const got: unknown[] = [];
    stream.on('readable', () => {
      for (let size = 0; ; size = (size % 7) + 1) {
        const record: unknown = stream.read(size || undefined);
        if (record === null) return;
        got.push(record);
      }
    });
    await once(stream, 'end');
    assert.deepEqual(got, ALL);
  });

  it('stands still when it is paused', async () => {
    const stream = open();
    const got: unknown[] = [];
    stream.on('data', (record) => {
      got.push(record);
      if (got.length % 100 !== 0) return;
      stream.pause();
      const { length } = got;
      void turn().then(() => {
        assert.equal(got.length, length);
        stream.resume();
      });
    });
    await once(stream, 'end');
    assert.deepEqual(got, ALL);
  });

  it('gives nothing more when it is destroyed', async () => {
    const stream = open();
    const got: unknown[] = [];
    stream.on('data', (record) => {
      got.push(record);
      if (got.length === 5) stream.destroy();
    });
    await closed(stream);
    assert.deepEqual(got, ALL.slice(0, 5));
    const { chunksDelivered, slotsLent } = stream.stats();
    assert.deepEqual([chunksDelivered, slotsLent], [5, 0]);
  });

  it('goes on when a listener throws', async () => {
    const stream = open();
    const got: unknown[] = [];
    const caught = await uncaughtDuring(async () => {
      stream.on('data', (record) => {
        got.push(record);
        if (got.length === 5) throw new Error('on purpose');
      });
      await once(stream, 'end');
    });
    assert.equal(caught.length, 1);
    assert.deepEqual(got, ALL);
  });

  it('waits for the sink of a pipe', async () => {
    const got: unknown[] = [];
    const sink = new Writable({
      objectMode: true,
      highWaterMark: 1,
      write(record, _, done) {
        assert.equal(this.writableLength, 1);
        got.push(record);
        if (got.length % 50 === 0) setImmediate(done);
        else done();
      },
    });
    await once(open().pipe(sink), 'finish');
    assert.deepEqual(got, ALL);
  });

  it('goes on after a loop that does not destroy it, with the record behind the last one', async () => {
    const stream = open();
    const got: unknown[] = [];
    for await (const record of stream.iterator({ destroyOnReturn: false })) {
      got.push(record);
      if (got.length === 5) break;
    }
    for await (const record of stream) got.push(record);
    assert.deepEqual(got, ALL);
  });

  it('gives Buffers of their own, which stay', async () => {
    const stream = createReadStream(file, { records: 'lines', slotSize: 64, slots: 2 });
    const kept = (await stream.toArray()) as Buffer[];
    assert.deepEqual(kept.map(String), ALL);
  });

  it('knows the methods that Readables have for objects', async () => {
    const even = open().filter((record: string) => record.endsWith('0'));
    assert.equal((await even.toArray()).length, 100);
    assert.deepEqual(await open().drop(5).take(2).toArray(), ALL.slice(5, 7));
  });
});

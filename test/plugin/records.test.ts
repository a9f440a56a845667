/** What a plugin says of its chunks besides their bytes: records, and what is missing. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createPluginStream, type Gap, type Slot } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { compile, describeWithCompiler } from './helpers/library';

describeWithCompiler('a chunk of records', () => {
  const folder = temporaryFolder();

  /** The records, by the offsets in their table. */
  function recordsOf({ data, recordTable, recordCount }: Slot): string[] {
    const offsets = Array.from({ length: recordCount }, (_, i) => recordTable.readUInt32LE(4 * i));
    return offsets.map((offset, i) => data.toString('latin1', offset, offsets[i + 1] ?? data.length));
  }

  it('has their table beside its bytes', async () => {
    let chunks = 0;
    for await (const slot of createPluginStream(compile(folder, 'records')).slots()) {
      assert.deepEqual(recordsOf(slot), ['a', 'bb', 'ccc']);
      assert.equal(slot.recordTable.length, 12);
      chunks++;
    }
    assert.equal(chunks, 4);
  });

  it('loses its table with its bytes', async () => {
    let table: Buffer | undefined;
    for await (const slot of createPluginStream(compile(folder, 'records')).slots()) {
      table = slot.recordTable;
      slot.release();
      assert.equal(table.length, 0);
      assert.equal(slot.recordTable.length, 0);
      assert.equal(slot.recordCount, 3);
    }
    assert.ok(table);
  });

  it('whose memory was transferred away has no table any more', async () => {
    for await (const slot of createPluginStream(compile(folder, 'records')).slots()) {
      structuredClone(slot.data.buffer, { transfer: [slot.data.buffer as ArrayBuffer] });
      assert.equal(slot.recordTable.length, 0);
    }
  });

  it('is empty of them in every other stream', async () => {
    for await (const slot of createPatternStream({ length: 10 }).slots()) {
      assert.deepEqual([slot.recordCount, slot.recordTable.length], [0, 0]);
    }
  });
});

describeWithCompiler('what a plugin says it has lost', () => {
  const folder = temporaryFolder();
  let library: string;
  before(() => (library = compile(folder, 'records', '-DLOST=5')));

  it('is a gap at its place, whatever the overflow policy', async () => {
    for (const overflow of ['block', 'drop-oldest', 'drop-newest'] as const) {
      const stream = createPluginStream(library, { overflow });
      const events: (Gap | number)[] = [];
      stream.on('gap', (gap: Gap) => events.push(gap));
      for await (const { sequence } of stream.slots()) events.push(sequence);
      const gap = { droppedChunks: 5, droppedBytes: 10 };
      assert.deepEqual(events, [0, { ...gap, sequence: 1 }, 6, 7, { ...gap, sequence: 8 }, 13]);
      const { droppedChunks, droppedBytes, chunksProduced, chunksDelivered } = stream.stats();
      assert.deepEqual([droppedChunks, droppedBytes, chunksProduced, chunksDelivered], [10, 20, 14, 4]);
    }
  });

  for (const [what, number] of [
    ['without a number', 'SLIPRING_LOST_UNKNOWN'],
    ['with one that nobody could count', '(UINT64_C(1)<<53)'],
  ] as const) {
    it(`${what} is a gap of unknown length, and numbers go on`, async () => {
      const stream = createPluginStream(compile(folder, 'records', `-DLOST=${number}`));
      const events: (Gap | number)[] = [];
      stream.on('gap', (gap: Gap) => events.push(gap));
      for await (const { sequence } of stream.slots()) events.push(sequence);
      const gap = { droppedChunks: undefined, droppedBytes: 10 };
      assert.deepEqual(events, [0, { ...gap, sequence: 1 }, 1, 2, { ...gap, sequence: 3 }, 3]);
      const { droppedChunks, droppedBytes, uncountedLosses, chunksProduced } = stream.stats();
      assert.deepEqual([droppedChunks, droppedBytes, uncountedLosses, chunksProduced], [0, 20, 2, 4]);
    });
  }

  it('is ERR_SLIPRING_OVERFLOW where nothing may be lost', async () => {
    const stream = createPluginStream(library, { overflow: 'strict' });
    const chunks: number[] = [];
    await assert.rejects(
      async () => {
        for await (const { sequence } of stream.slots()) chunks.push(sequence);
      },
      { code: 'ERR_SLIPRING_OVERFLOW' },
    );
    assert.deepEqual(chunks, [0]);
  });
});

/** Memory that a consumer keeps, or gives away, although it was only lent. */
import { strict as assert } from 'node:assert';
import { markAsUntransferable, MessageChannel } from 'node:worker_threads';
import { once } from 'node:events';
import { createPatternStream, type Slot } from 'slipring';

import { patternBytes, PatternReader } from '../helpers/pattern';
import { parked } from '../helpers/waiting';
import { allocationsDuring, consumer } from './helpers/consumers';

const SIZE = 20_011; // a size that nothing else allocates
const COUNT = 40;
const options = { seed: 5, length: COUNT * SIZE, slots: 3, slotSize: SIZE };

/** What programs keep of a chunk. */
function viewsOf({ data }: Slot): { length: number }[] {
  return [data, data.subarray(1), new Uint8Array(data.buffer), new Float64Array(data.buffer, 0, 4)];
}

/** Lends the whole stream, calling `each` for every slot; returns how much memory that took. */
function lendAll(each: (slot: Slot) => unknown): Promise<number> {
  return allocationsDuring(SIZE, async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(5);
    for await (const slot of stream.slots()) {
      reader.take(slot.data);
      await each(slot);
    }
    reader.assertReached(options.length);
    assert.equal(stream.stats().slotsLent, 0);
  });
}

const transfer = (slot: Slot): ArrayBuffer =>
  structuredClone(slot.data.buffer as ArrayBuffer, { transfer: [slot.data.buffer as ArrayBuffer] });

describe('memory that was lent', () => {
  it('is used again: a stream needs no more than one piece for each slot', async () => {
    assert.equal(await lendAll(() => undefined), options.slots);
  });

  it('reads as empty through every view that a loop kept, never as other bytes', async () => {
    const kept: { length: number }[] = [];
    await lendAll((slot) => {
      for (const view of kept) assert.equal(view.length, 0);
      kept.push(...viewsOf(slot));
    });
    assert.equal(kept.length, 4 * COUNT);
    for (const view of kept) assert.equal(view.length, 0);
  });

  it('reads as empty through every chunk that a sink kept, once it had called back', async () => {
    const kept: Buffer[] = [];
    let answered = 0;
    const sink = consumer({
      write(chunk: Buffer, _encoding, callback) {
        kept.push(chunk);
        setImmediate(() => {
          callback();
          for (const each of kept.slice(0, answered++)) assert.equal(each.length, 0);
        });
      },
    });
    createPatternStream(options).pipe(sink);
    await once(sink, 'finish');
    assert.equal(kept.length, COUNT);
    for (const chunk of kept) assert.equal(chunk.length, 0);
  });

  it('that a loop transferred away is its own for ever, and the stream goes on with new memory', async () => {
    const own: { memory: ArrayBuffer; bytes: Buffer }[] = [];
    const allocated = await lendAll((slot) => {
      if (slot.sequence % 2 === 1) return;
      const { byteOffset, length } = slot.data;
      const memory = transfer(slot);
      assert.equal(slot.data.length, 0);
      own.push({ memory, bytes: Buffer.from(memory, byteOffset, length) });
    });
    assert.equal(allocated, options.slots + COUNT / 2);
    for (const [index, { bytes }] of own.entries()) {
      assert.ok(bytes.equals(patternBytes(5, 2 * index * SIZE, SIZE)), `slot ${2 * index}`);
    }
  });

  it('that was posted to another thread arrives whole, and stays so', async () => {
    const { port1, port2 } = new MessageChannel();
    const received: Buffer[] = [];
    port2.on('message', (data: Uint8Array) => received.push(Buffer.from(data.buffer, data.byteOffset, data.length)));
    await lendAll((slot) => port1.postMessage(slot.data, [slot.data.buffer as ArrayBuffer]));
    port1.close();
    await once(port2, 'close');
    assert.ok(Buffer.concat(received).equals(patternBytes(5, 0, options.length)));
  });

  it('that was transferred away while retained, after release or twice, breaks nothing', async () => {
    const stream = createPatternStream({ ...options, slots: 4 });
    const reader = new PatternReader(5);
    const kept: Slot[] = [];
    for await (const slot of stream.slots()) {
      reader.take(slot.data);
      kept.push(slot.retain());
      if (slot.sequence % 3 === 0) transfer(slot);
      if (slot.sequence % 3 === 1) slot.release();
      if (kept.length === 3) kept.shift()?.release();
    }
    reader.assertReached(options.length);
    for (const slot of kept) slot.release();
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('that was marked as untransferable is never filled with other bytes', async () => {
    const kept: { data: Buffer; sequence: number }[] = [];
    await lendAll((slot) => {
      markAsUntransferable(slot.data.buffer);
      kept.push({ data: slot.data, sequence: slot.sequence });
    });
    for (const { data, sequence } of kept) {
      assert.ok(data.length === 0 || data.equals(patternBytes(5, sequence * SIZE, SIZE)));
    }
  });

  it('stays with a consumer that never releases it, and the stream waits', async () => {
    const stream = createPatternStream(options);
    const loop = stream.slots();
    const slots: Slot[] = [];
    while (slots.length < 3) slots.push(((await loop.next()).value as Slot).retain());
    await parked(stream);
    globalThis.gc?.();
    for (const { data, sequence } of slots) assert.ok(data.equals(patternBytes(5, sequence * SIZE, SIZE)));
    assert.deepEqual([stream.stats().chunksProduced, stream.stats().slotsLent], [3, 3]);
    stream.destroy();
    await once(stream, 'close');
    for (const { data, sequence } of slots) assert.ok(data.equals(patternBytes(5, sequence * SIZE, SIZE)));
  });
});

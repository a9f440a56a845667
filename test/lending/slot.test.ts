/** A Slot: release(), retain() and Symbol.dispose, in any order and at any time. */
import { strict as assert } from 'node:assert';
import { createPatternStream, type ProducerStream, type Slot } from 'slipring';

import { assertPattern, PatternReader } from '../helpers/pattern';
import { closed, parked, turn } from '../helpers/waiting';

const SIZE = 4096;
const options = { seed: 9, length: 40 * SIZE, slots: 4, slotSize: SIZE };

function create(): ProducerStream {
  return createPatternStream(options);
}

/** The next `count` slots, retained. */
async function retain(loop: AsyncIterator<Slot>, count: number): Promise<Slot[]> {
  const slots: Slot[] = [];
  while (slots.length < count) slots.push(((await loop.next()).value as Slot).retain());
  return slots;
}

function assertIntact({ data, sequence }: Slot): void {
  assert.equal(data.length, SIZE);
  assertPattern(data, 9, sequence * SIZE);
}

describe('a slot', () => {
  it('is empty after release(), which does nothing the second time', async () => {
    const stream = create();
    for await (const slot of stream.slots()) {
      slot.release();
      const { slotsLent, slotsFree, slotsReady } = stream.stats();
      assert.deepEqual([slot.data.length, slotsLent, slotsFree + slotsReady], [0, 0, 4]);
      slot.release();
      slot[Symbol.dispose]();
      assert.equal(stream.stats().slotsLent, 0);
    }
  });

  it('is released by Symbol.dispose, retained or not', async () => {
    const stream = create();
    for await (const slot of stream.slots()) {
      if (slot.sequence % 2 === 0) slot.retain();
      slot[Symbol.dispose]();
      assert.deepEqual([slot.data.length, stream.stats().slotsLent], [0, 0]);
    }
  });

  it('that was retained stays valid, turn after turn, until it is released', async () => {
    const stream = create();
    const kept: Slot[] = [];
    for await (const slot of stream.slots()) {
      assert.equal(slot.retain(), slot);
      kept.push(slot);
      for (const each of kept) assertIntact(each);
      if (kept.length === 3) kept.shift()?.release();
    }
    assert.equal(stream.stats().slotsLent, 2);
  });

  it('comes back in any order', async () => {
    for (const order of ['0123', '3210', '2031', '1302'].map((text) => Array.from(text, Number))) {
      const stream = create();
      const loop = stream.slots();
      for (let round = 0; round < 10; round++) {
        const slots = await retain(loop, 4);
        await parked(stream);
        for (const [done, index] of order.entries()) {
          slots[index]?.release();
          for (const later of order.slice(done + 1)) assertIntact(slots[later] as Slot);
          assert.equal(stream.stats().slotsLent, 3 - done);
        }
      }
      assert.equal((await loop.next()).done, true);
    }
  });

  it('is waited for when it is the only one, and comes back late', async () => {
    const stream = createPatternStream({ ...options, slots: 1 });
    const reader = new PatternReader(9);
    const loop = stream.slots();
    for (let result = await loop.next(); !result.done;) {
      const slot = result.value.retain();
      const next = loop.next();
      await turn();
      reader.take(slot.data);
      slot.release();
      result = await next;
    }
    reader.assertReached(options.length);
  });

  it('that was retained outlives the end of the stream, and is empty once released', async () => {
    const stream = create();
    const kept: Slot[] = [];
    for await (const slot of stream.slots()) {
      if (slot.sequence >= 38) kept.push(slot.retain());
    }
    await closed(stream);
    globalThis.gc?.();
    for (const slot of kept) assertIntact(slot);
    assert.equal(stream.stats().slotsLent, 2);
    for (const slot of kept) slot.release();
    assert.deepEqual([kept.map(({ data }) => data.length), stream.stats().slotsLent], [[0, 0], 0]);
  });

  it('that was retained outlives destroy(), and a break of the loop', async () => {
    for (const end of ['destroy', 'return'] as const) {
      const stream = create();
      const loop = stream.slots();
      const slots = await retain(loop, 4);
      if (end === 'destroy') stream.destroy();
      else await loop.return?.();
      await closed(stream);
      globalThis.gc?.();
      for (const slot of slots.reverse()) {
        assertIntact(slot);
        slot.release();
        assert.equal(slot.data.length, 0);
      }
      assert.equal(stream.stats().slotsLent, 0);
    }
  });

  it('that is retained after its release stays empty', async () => {
    for await (const slot of create().slots()) {
      slot.release();
      assert.equal(slot.retain().data.length, 0);
    }
  });
});

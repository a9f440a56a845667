/** What happens when there is no memory for a slot: an error, after every chunk that was there already. */
import { strict as assert } from 'node:assert';
import { createPatternStream, type ProducerStream } from 'slipring';

import { PatternReader } from '../helpers/pattern';
import { closed, until } from '../helpers/waiting';

const MIB = 2 ** 20;

/** Lets `times` more slots of 1 MiB, or a few, have memory. The error of the next one is what the real allocator throws. */
function allocate(times: number): void {
  Buffer.allocUnsafeSlow = (size) => {
    if (size >= MIB && size < 8 * MIB && times-- <= 0) throw new RangeError('Array buffer allocation failed');
    return allocUnsafeSlow(size);
  };
}
const allocUnsafeSlow = Buffer.allocUnsafeSlow.bind(Buffer);

describe('a stream that gets no memory', () => {
  afterEach(() => {
    Buffer.allocUnsafeSlow = allocUnsafeSlow;
  });

  const sized = { seed: 3, slots: 3, slotSize: MIB };

  /** As Node 24 has it, where Node 20 throws a RangeError without a code. */
  const noMemory = { name: 'RangeError', code: 'ERR_MEMORY_ALLOCATION_FAILED' };

  it('to start with fails with ERR_MEMORY_ALLOCATION_FAILED', async () => {
    for (const times of [0, 2]) {
      allocate(times);
      const stream = createPatternStream(sized).resume();
      await closed(stream);
      const { name, code } = stream.errored as NodeJS.ErrnoException;
      assert.deepEqual({ name, code }, noMemory);
      assert.equal(stream.stats().bytesDelivered, 0);
    }
  });

  it('for the slots of chunks that it gave away fails after some whole chunks', async () => {
    const reader = new PatternReader(3);
    const stream = createPatternStream(sized);
    allocate(5);
    await assert.rejects(async () => {
      for await (const chunk of stream) reader.take(chunk);
    }, noMemory);
    assert.equal(reader.offset % MIB, 0);
    assert.ok(reader.offset >= 2 * MIB);
  });

  it('for slots that were transferred away fails in the loop that did so', async () => {
    const reader = new PatternReader(3);
    const stream = createPatternStream(sized);
    allocate(3);
    await assert.rejects(async () => {
      for await (const { data } of stream.slots()) {
        reader.take(data);
        structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] });
      }
    }, noMemory);
    assert.ok(reader.offset >= MIB && reader.offset <= 3 * MIB);
  });

  it('for more slots than it began with gives what it has, and fails then', async () => {
    // Two small chunks, of which the second is held when the ring is to grow, and the thread is done.
    const length = 64 * 1024 + 10;
    const reader = new PatternReader(3);
    const stream: ProducerStream = createPatternStream({ seed: 3, length });
    allocate(0);
    const slots = stream.slots();
    await assert.rejects(async () => {
      for await (const slot of slots) {
        reader.take(slot.retain().data);
        await until(() => stream.stats().chunksProduced === 2);
      }
    }, noMemory);
    reader.assertReached(length);
    await closed(stream);
  });
});

/** slots(): what a turn of the loop lends, and for how long. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream, createReadStream, type Slot } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed, turn } from '../helpers/waiting';

const LENGTH = 100_001;
const options = { seed: 4, length: LENGTH, slots: 3, slotSize: 4096 };

describe('slots()', () => {
  const folder = temporaryFolder();

  it('lends every byte, in order, and ends the loop, the stream and all lending', async () => {
    for (const slots of [1, 2, 8]) {
      const stream = createPatternStream({ ...options, slots });
      const reader = new PatternReader(4);
      const events: string[] = [];
      for (const event of ['end', 'close']) stream.on(event, () => events.push(event));
      for await (const slot of stream.slots()) reader.take(slot.data);
      reader.assertReached(LENGTH);
      assert.equal(stream.stats().slotsLent, 0);
      await closed(stream);
      assert.deepEqual(events, ['end', 'close']);
    }
  });

  it('lends a file', async () => {
    const reader = new PatternReader(LENGTH);
    const stream = createReadStream(folder.fill('file', LENGTH), { slotSize: 1000 });
    for await (const slot of stream.slots()) reader.take(slot.data);
    reader.assertReached(LENGTH);
  });

  it('throws what opening the file failed with', async () => {
    const stream = createReadStream(folder.path('missing'));
    await assert.rejects(stream.slots().next(), { code: 'ENOENT', syscall: 'open' });
  });

  it('numbers the slots from 0, and their timestamps never go back', async () => {
    const stream = createPatternStream(options);
    let before = process.hrtime.bigint() - 60_000_000_000n;
    let expected = 0;
    for await (const { sequence, timestamp } of stream.slots()) {
      assert.equal(sequence, expected++);
      assert.ok(timestamp >= before && timestamp <= process.hrtime.bigint());
      before = timestamp;
    }
    assert.equal(expected, Math.ceil(LENGTH / 4096));
  });

  it('takes a slot back at the next turn of the loop', async () => {
    const stream = createPatternStream(options);
    let before: Slot | undefined;
    for await (const slot of stream.slots()) {
      assert.equal(before?.data.length ?? 0, 0);
      assert.equal(stream.stats().slotsLent, 1);
      await turn();
      assert.ok(slot.data.length > 0);
      before = slot;
    }
    assert.equal(before?.data.length, 0);
  });

  it('takes the slot back and destroys the stream on break', async () => {
    const stream = createPatternStream(options);
    const kept: Slot[] = [];
    for await (const slot of stream.slots()) {
      kept.push(slot);
      break;
    }
    assert.deepEqual([kept[0]?.data.length, stream.stats().slotsLent, stream.destroyed], [0, 0, true]);
    await closed(stream);
  });

  it('takes the slot back and destroys the stream on throw', async () => {
    const stream = createPatternStream(options);
    const cause = new Error('on purpose');
    const kept: Slot[] = [];
    const loop = async (): Promise<void> => {
      for await (const slot of stream.slots()) {
        kept.push(slot);
        throw cause;
      }
    };
    await assert.rejects(loop(), cause);
    assert.deepEqual([kept[0]?.data.length, stream.stats().slotsLent, stream.destroyed], [0, 0, true]);
  });

  it('gives a slot to each of several next() calls at once, and takes all but the last back', async () => {
    const stream = createPatternStream(options);
    const loop = stream.slots();
    const results = await Promise.all([loop.next(), loop.next(), loop.next()]);
    const slots = results.map(({ value }) => value as Slot);
    assert.deepEqual(
      slots.map(({ sequence, data }) => [sequence, data.length]),
      [
        [0, 0],
        [1, 0],
        [2, 4096],
      ],
    );
    assert.equal(stream.stats().slotsLent, 1);
    await loop.return?.();
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('leaves a slot valid when the stream is destroyed, and then throws', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(4);
    const loop = async (): Promise<void> => {
      for await (const slot of stream.slots()) {
        stream.destroy();
        await once(stream, 'close');
        reader.take(slot.data);
      }
    };
    await assert.rejects(loop(), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
    reader.assertReached(4096);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('throws while it waits, when the stream is destroyed', async () => {
    const stream = createPatternStream({ ...options, slots: 1 });
    const loop = stream.slots();
    const { value: only } = (await loop.next()) as IteratorYieldResult<Slot>;
    only.retain();
    const waiting = loop.next();
    await turn();
    stream.destroy(new Error('on purpose'));
    await assert.rejects(waiting, { message: 'on purpose' });
  });
});

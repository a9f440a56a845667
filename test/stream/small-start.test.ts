/** How a stream begins when nobody asked for a size: with little, which comes soon and costs little. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes, PatternReader } from '../helpers/pattern';
import { closed, parked } from '../helpers/waiting';

const KIB = 1024;

describe('a stream of no particular size', () => {
  const folder = temporaryFolder();
  const length = 20 * 1024 * KIB;

  it('begins with chunks of 64 KiB and goes on with whole slots', async () => {
    const reader = new PatternReader(1);
    const lengths: number[] = [];
    const stream = createPatternStream({ seed: 1, length });
    for await (const chunk of stream) {
      reader.take(chunk);
      lengths.push((chunk as Buffer).length);
    }
    reader.assertReached(length);
    const { slotSize } = stream.stats();
    assert.deepEqual(lengths.slice(0, 2), [64 * KIB, 64 * KIB]);
    assert.deepEqual(new Set(lengths.slice(4, -1)), new Set([slotSize]));
  });

  it('does so for slots() and pipes too', async () => {
    const stream = createReadStream(folder.fill('input', length));
    const reader = new PatternReader(length);
    const lengths: number[] = [];
    for await (const { data } of stream.slots()) {
      reader.take(data);
      lengths.push(data.length);
    }
    reader.assertReached(length);
    assert.equal(lengths[0], 64 * KIB);
    assert.deepEqual(new Set(lengths.slice(4, -1)), new Set([stream.stats().slotSize]));
  });

  it('takes no more than that while nobody reads', async () => {
    const stream = createPatternStream();
    await parked(stream);
    assert.equal(stream.stats().bytesProduced, 128 * KIB);
    await closed(stream.destroy());
  });

  it('gives chunks of the size that was asked for from the beginning, and fills all slots', async () => {
    for (const options of [{ slotSize: 300_000 }, { highWaterMark: 300_000 }, { slots: 5 }]) {
      const stream = createPatternStream({ seed: 2, ...options });
      await parked(stream);
      const { slots, slotSize, slotsReady } = stream.stats();
      assert.equal(slotsReady, slots);
      const [first] = (await stream.take(1).toArray()) as [Buffer];
      assert.ok(first.equals(patternBytes(2, 0, slotSize)));
    }
  });
});

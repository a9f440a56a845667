/** The pattern stream: bytes that are a function of seed and offset, and of nothing else. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { createPatternStream } from 'slipring';

import { patternBytes, PatternReader } from '../helpers/pattern';
import { bytesOf, closed } from '../helpers/waiting';

describe('the pattern', () => {
  it('begins with these bytes', async () => {
    // Worked out by hand from the formula: words 0 and 1 of seed 1, little-endian.
    const word = (x: number): number => (x ^ (x >>> 16)) >>> 0;
    const expected = Buffer.alloc(8);
    expected.writeUInt32LE(word(1), 0);
    expected.writeUInt32LE(word(0x9e3779b1 + 1), 4);
    assert.deepEqual(await bytesOf(createPatternStream({ seed: 1, length: 8 })), expected);
  });

  it('is the same whatever the slots are', async () => {
    for (const [slots, slotSize] of [
      [1, 1],
      [2, 3],
      [3, 4],
      [8, 4096],
      [1, 100_000],
    ] as const) {
      const bytes = await bytesOf(createPatternStream({ seed: 7, length: 10_001, slots, slotSize }));
      assert.ok(bytes.equals(patternBytes(7, 0, 10_001)));
    }
  });

  it('from any start is the whole without its beginning', async () => {
    for (const start of [1, 2, 3, 4, 5, 4095, 2 ** 32 - 2, 2 ** 34 - 3, 2 ** 40 + 1, 2 ** 52 + 1]) {
      const bytes = await bytesOf(createPatternStream({ seed: 3, start, length: 1000, slotSize: 333 }));
      assert.ok(bytes.equals(patternBytes(3, start, 1000)), `${start}`);
    }
  });

  it('differs for every seed, up to the largest', async () => {
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 32 - 1];
    const texts = await Promise.all(
      seeds.map(async (seed) => {
        const bytes = await bytesOf(createPatternStream({ seed, length: 64 }));
        assert.ok(bytes.equals(patternBytes(seed, 0, 64)));
        return bytes.toString('hex');
      }),
    );
    assert.equal(new Set(texts).size, seeds.length);
  });

  it('has no end by default, and seed 0', async () => {
    const stream = createPatternStream();
    const reader = new PatternReader(0);
    stream.on('data', (chunk: Buffer) => {
      reader.take(chunk);
      if (reader.offset >= 50_000_000) stream.destroy();
    });
    await closed(stream);
    reader.assertReached(reader.offset);
    assert.ok(!stream.readableEnded);
  });

  it('of length 0 ends at once', async () => {
    assert.equal((await bytesOf(createPatternStream({ length: 0 }))).length, 0);
  });

  it('of Infinity bytes is one without end', async () => {
    const stream = createPatternStream({ length: Infinity, rate: Infinity });
    await once(stream, 'data');
    await closed(stream.destroy());
  });

  it('comes no faster than its rate, and not much slower', async () => {
    const began = performance.now();
    const bytes = await bytesOf(createPatternStream({ seed: 2, length: 50_000, rate: 100_000 }));
    const seconds = (performance.now() - began) / 1000;
    assert.ok(bytes.equals(patternBytes(2, 0, 50_000)));
    assert.ok(seconds > 0.45 && seconds < 5, `${seconds} s`);
  });

  it('is not emitted as a file would be: there is nothing to open', async () => {
    const stream = createPatternStream({ length: 10 });
    stream.on('open', () => assert.fail());
    stream.on('ready', () => assert.fail());
    await closed(stream.resume());
  });
});

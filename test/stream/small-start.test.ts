/** How a stream begins when nobody asked for a size: with little, which comes soon and costs little. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { devNull } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import { createPatternStream, createReadStream, type ProducerStream, type ReadStream } from 'slipring';

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

  it('goes on with twice as much for a pipe into a device, of which each chunk wakes a thread of the pool', async () => {
    const stream = createReadStream(folder.fill('input', length));
    await once(stream.pipe(createWriteStream(devNull)), 'close');
    const { slots, slotSize } = stream.stats();
    assert.deepEqual([slots, slotSize], [4, 4 * 1024 * KIB]);
  });

  it('goes on with chunks of 64 KiB, and more slots, for a consumer that may turn them into text', async () => {
    const path = folder.fill('input', length);
    const consumers: Record<string, (stream: ReadStream) => Readable> = {
      "'data'": (stream) => stream,
      'a pipe to what is no sink': (stream) => stream.pipe(new PassThrough({ highWaterMark: length })),
      encoding: (stream) => stream.setEncoding('latin1'),
    };
    for (const [name, consume] of Object.entries(consumers)) {
      const stream = createReadStream(path);
      const lengths: number[] = [];
      const from = consume(stream).on('data', (chunk: Buffer | string) => lengths.push(chunk.length));
      await Promise.all([once(from, 'end'), once(stream, 'close')]);
      assert.equal(lengths.length, length / (64 * KIB), name);
      assert.deepEqual(new Set(lengths), new Set([64 * KIB]), name);
      const { slots, slotSize } = stream.stats();
      assert.deepEqual([slots, slotSize], [32, 64 * KIB], name);
    }
  });

  it('does so in a loop, too, when Node decodes the chunks', async () => {
    const lengths = new Set<number>();
    for await (const chunk of createPatternStream({ length, encoding: 'latin1' }))
      lengths.add((chunk as string).length);
    assert.deepEqual(lengths, new Set([64 * KIB]));
  });

  it('has a smaller part of 2 MiB the more of them go on at the same time, and all of it when they are gone', async () => {
    const streams = Array.from({ length: 5 }, () => createPatternStream({ length: 2 ** 30 }));
    const loops = streams.map((stream) => stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
    const largest = async (loop: AsyncIterator<Buffer> | undefined, chunks: number): Promise<number> => {
      const lengths: number[] = [];
      for (let i = 0; i < chunks; i++) lengths.push(((await loop?.next()) as IteratorYieldResult<Buffer>).value.length);
      return Math.max(...lengths);
    };
    for (const loop of loops) await largest(loop, 2);
    // What was armed before is still to come.
    for (const loop of loops) await largest(loop, 4);
    for (const loop of loops) assert.equal(await largest(loop, 8), 256 * KIB);
    await Promise.all(streams.slice(1).map((stream) => closed(stream.destroy())));
    // Some may have been armed while the others were closing, and one more is in the queue.
    await largest(loops[0], 8);
    assert.equal(await largest(loops[0], 1), 2048 * KIB);
    await closed((streams[0] as ProducerStream).destroy());
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

/** Starting, stopping and starting again: nothing is lost, doubled or swapped, whoever decides the pace. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed, parked, turn, until } from '../helpers/waiting';

const LENGTH = 1_000_003;
const options = { seed: 11, length: LENGTH, slots: 4, slotSize: 4096 };

describe('the flow of a stream', () => {
  const folder = temporaryFolder();

  it('hands every chunk on once when the consumer pauses and resumes at every chunk', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(11);
    let pauses = 0;
    let whilePaused = 0;
    stream.on('data', (chunk: Buffer) => {
      if (stream.isPaused()) whilePaused++;
      reader.take(chunk);
      stream.pause();
      // Before, at, and after the ends of turns.
      const moments = [queueMicrotask, setImmediate, (call: () => void) => process.nextTick(call)];
      moments[pauses++ % 3]?.(() => stream.resume());
    });
    await closed(stream);
    reader.assertReached(LENGTH);
    assert.equal(pauses, Math.ceil(LENGTH / 4096));
    assert.equal(whilePaused, 0);
  });

  it('hands nothing on while it is paused', async () => {
    const stream = createPatternStream(options);
    let chunks = 0;
    stream.on('data', () => {
      if (++chunks === 3) stream.pause();
    });
    await parked(stream);
    while (chunks < 3) await turn();
    for (let turns = 0; turns < 20; turns++) await turn();
    assert.equal(chunks, 3);
    // One more may wait in the Readable's queue, all others wait in the ring.
    assert.ok(stream.stats().chunksDelivered <= 4);
    stream.resume();
    await closed(stream);
    assert.equal(stream.stats().bytesDelivered, LENGTH);
  });

  it("can be drained in 'readable' with read()", async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(11);
    stream.on('readable', () => {
      for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) {
        reader.take(chunk);
      }
    });
    await once(stream, 'end');
    reader.assertReached(LENGTH);
  });

  it("can be read one chunk for each 'readable'", async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(11);
    stream.on('readable', () => {
      const chunk = stream.read() as Buffer | null;
      if (chunk) reader.take(chunk);
    });
    await once(stream, 'end');
    reader.assertReached(LENGTH);
  });

  it('waits for its first reader without losing anything, however late it comes', async () => {
    const stream = createPatternStream(options);
    await parked(stream);
    assert.equal(stream.readableLength, 0);
    assert.equal(stream.stats().slotsReady, 4);
    const reader = new PatternReader(11);
    stream.on('data', (chunk: Buffer) => reader.take(chunk));
    await closed(stream);
    reader.assertReached(LENGTH);
  });

  it('ends in a later turn of the event loop than its last chunk, as a file descriptor does', async () => {
    const stream = createPatternStream({ ...options, length: 3 * 4096 });
    await until(() => stream.stats().chunksProduced === 3);
    for (let turns = 0; turns < 5; turns++) await turn();
    let chunks = 0;
    const endedBefore: boolean[] = [];
    // All of these run before the event loop gets its turn.
    const ask = (left: number): void => {
      endedBefore.push(stream.readableEnded);
      if (left > 0) process.nextTick(ask, left - 1);
    };
    stream.on('data', () => {
      if (++chunks === 3) ask(100);
    });
    await closed(stream);
    assert.equal(endedBefore.length, 101);
    assert.ok(!endedBefore.includes(true));
  });

  it('hands two consumers the same chunks', async () => {
    const stream = createPatternStream(options);
    const first: Buffer[] = [];
    const second: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => first.push(chunk));
    stream.on('data', (chunk: Buffer) => second.push(chunk));
    await closed(stream);
    assert.deepEqual(first, second);
  });

  it('gives back first what was unshifted', async () => {
    const stream = createPatternStream({ ...options, length: 50_000 });
    const reader = new PatternReader(11);
    let unshifted = 0;
    stream.on('readable', () => {
      for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) {
        // Takes a third of each, and puts the rest back.
        const head = chunk.subarray(0, Math.ceil(chunk.length / 3));
        reader.take(head);
        if (head.length < chunk.length) stream.unshift(chunk.subarray(head.length));
        unshifted++;
      }
    });
    await once(stream, 'end');
    reader.assertReached(50_000);
    assert.ok(unshifted > Math.ceil(50_000 / 4096));
  });

  it('keeps two streams at once apart', async () => {
    const files = [folder.fill('first', 500_001), folder.fill('second', 400_002)] as const;
    const streams = [500_001, 400_002].map((seed, i) => {
      const stream = createReadStream(files[i], { slots: 2, slotSize: 5000 });
      const reader = new PatternReader(seed);
      stream.on('data', (chunk) => reader.take(chunk));
      return { stream, reader };
    });
    await Promise.all(streams.map(({ stream }) => closed(stream)));
    for (const { reader } of streams) reader.assertReached(reader.seed);
  });

  it('is the same for two streams of one file, read at different paces', async () => {
    const file = folder.fill('shared', 300_000);
    const fast = createReadStream(file, { slotSize: 1000 });
    const slow = createReadStream(file, { slotSize: 1000 });
    const readers = [new PatternReader(300_000), new PatternReader(300_000)] as const;
    fast.on('data', (chunk) => readers[0].take(chunk));
    for await (const chunk of slow) {
      readers[1].take(chunk);
      await turn();
    }
    await closed(fast);
    for (const reader of readers) reader.assertReached(300_000);
  });
});

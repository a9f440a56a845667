/** The protocol of node:stream/iter: batches of all that is ready. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed, parked, turn } from '../helpers/waiting';
import { itWhere } from '../helpers/where';

const SLOT = 1000;
const options = { seed: 5, slots: 64, slotSize: SLOT };

type Batches = AsyncGenerator<Uint8Array[], void>;

/** What `from()` and `fromReadable()` of node:stream/iter call. */
function batchesOf(stream: ProducerStream): Batches {
  const method: unknown = Reflect.get(stream, Symbol.for('Stream.toAsyncStreamable'));
  return Reflect.apply(method as () => Batches, stream, []);
}

const hasStreamIter = process.allowedNodeEnvironmentFlags.has('--experimental-stream-iter');

describe('the protocol of node:stream/iter', () => {
  const folder = temporaryFolder();

  it('gives all slots that are ready as one batch, and every byte in order', async () => {
    const stream = createPatternStream({ ...options, length: 500 * SLOT });
    const batches = batchesOf(stream);
    await parked(stream);
    const reader = new PatternReader(5);
    const sizes: number[] = [];
    for await (const batch of batches) {
      sizes.push(batch.length);
      for (const chunk of batch) reader.take(chunk);
    }
    reader.assertReached(500 * SLOT);
    assert.equal(sizes[0], 64);
    assert.equal(Math.max(...sizes), 64);
    await closed(stream);
  });

  it('gives no more than 128 at once, as Node', async () => {
    const stream = createPatternStream({ ...options, slots: 300 });
    const batches = batchesOf(stream);
    await parked(stream);
    assert.equal((await batches.next()).value?.length, 128);
    await batches.return();
    await closed(stream);
  });

  it('takes nothing from the ring that nobody asks for', async () => {
    const stream = createPatternStream(options);
    const batches = batchesOf(stream);
    await parked(stream);
    assert.equal(stream.stats().chunksDelivered, 0);
    await batches.return();
    assert.ok(stream.destroyed);
    await closed(stream);
  });

  it('destroys the stream when the loop is left, also by who waits', async () => {
    const stream = createPatternStream({ rate: 10, slotSize: 10, length: 1000 });
    const batches = batchesOf(stream);
    await batches.next();
    const waits = batches.next();
    await turn();
    await batches.return();
    assert.deepEqual(await waits, { done: true, value: undefined });
    await closed(stream);
    const other = createPatternStream(options);
    await assert.rejects(batchesOf(other).throw(new Error('on purpose')), { message: 'on purpose' });
    await closed(other);
  });

  it('throws what the stream fails with, or was destroyed with', async () => {
    await assert.rejects(batchesOf(createReadStream(folder.path('missing'))).next(), { code: 'ENOENT' });
    const stream = createPatternStream(options);
    const batches = batchesOf(stream);
    await batches.next();
    stream.destroy();
    await assert.rejects(batches.next(), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
    await closed(stream);
  });

  itWhere(hasStreamIter, 'this Node has no node:stream/iter')('is what from() and fromReadable() read', () => {
    const file = folder.fill('file', 1_000_000);
    const fixture = path.join(__dirname, 'fixtures', 'stream-iter.js');
    const { stdout, stderr } = spawnSync(process.execPath, ['--experimental-stream-iter', fixture, file]);
    assert.deepEqual(JSON.parse(String(stdout) || JSON.stringify(String(stderr))), {
      from: true,
      fromReadable: true,
      read: true,
      encoded: true,
      largestBatch: 16,
    });
  });
});

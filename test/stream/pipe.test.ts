/** pipe() and pipeline(): the destination's pace, its errors, its end. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createHash } from 'node:crypto';
import { createGzip, gunzipSync } from 'node:zlib';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes, PatternReader } from '../helpers/pattern';
import { bytesOf, closed, turn } from '../helpers/waiting';

const options = { seed: 2, length: 300_001, slots: 3, slotSize: 4096 };

describe('a pipe', () => {
  const folder = temporaryFolder();

  it('waits for a slow destination, and never has more than one chunk under way', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(2);
    let most = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, callback) {
        reader.take(chunk);
        most = Math.max(most, stream.stats().bytesDelivered - reader.offset);
        setImmediate(callback);
      },
    });
    stream.pipe(slow);
    await once(slow, 'finish');
    reader.assertReached(options.length);
    // One in the Readable's queue at most: all others wait in the ring.
    assert.ok(most <= 4096);
  });

  it('can be undone and done again in the middle', async () => {
    const stream = createPatternStream(options);
    const first = new PassThrough();
    const second = new PassThrough();
    stream.pipe(first);
    await once(first, 'readable');
    stream.unpipe(first);
    first.end();
    const head = await bytesOf(first);
    stream.pipe(second);
    const tail = await bytesOf(second);
    assert.ok(head.length > 0);
    assert.ok(Buffer.concat([head, tail]).equals(patternBytes(2, 0, options.length)));
  });

  it('feeds two destinations with all of it', async () => {
    const stream = createPatternStream(options);
    const destinations = [new PassThrough(), new PassThrough()];
    for (const destination of destinations) stream.pipe(destination);
    for (const bytes of await Promise.all(destinations.map((destination) => bytesOf(destination)))) {
      assert.ok(bytes.equals(patternBytes(2, 0, options.length)));
    }
  });

  it('keeps the destination open with { end: false }, for the next source', async () => {
    const destination = new PassThrough();
    const received = bytesOf(destination);
    const first = createPatternStream({ ...options, length: 10_000 });
    first.pipe(destination, { end: false });
    await closed(first);
    createPatternStream({ ...options, start: 10_000, length: 10_000 }).pipe(destination);
    assert.ok((await received).equals(patternBytes(2, 0, 20_000)));
  });

  it('goes through a chain of transforms', async () => {
    const chunks: Buffer[] = [];
    await pipeline(createPatternStream(options), createGzip({ level: 1 }), async (gzip: AsyncIterable<Buffer>) => {
      for await (const chunk of gzip) chunks.push(chunk);
    });
    assert.ok(gunzipSync(Buffer.concat(chunks)).equals(patternBytes(2, 0, options.length)));
  });

  it('can be hashed', async () => {
    const hash = createHash('sha256');
    await pipeline(createPatternStream(options), hash);
    const expected = createHash('sha256')
      .update(patternBytes(2, 0, options.length))
      .digest('hex');
    assert.equal(hash.digest('hex'), expected);
  });

  it('destroys the source of a pipeline when the destination fails', async () => {
    const stream = createPatternStream({ seed: 1 });
    const failing = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('full')) });
    await assert.rejects(pipeline(stream, failing), { message: 'full' });
    await closed(stream);
    assert.ok(stream.destroyed);
  });

  it('destroys the destination of a pipeline when the source fails', async () => {
    const destination = new PassThrough();
    await assert.rejects(pipeline(createReadStream(folder.path('missing')), destination), { code: 'ENOENT' });
    assert.ok(destination.destroyed);
  });

  it('ends with ERR_STREAM_PREMATURE_CLOSE when the source of a pipeline is destroyed in the middle', async () => {
    const stream = createPatternStream({ seed: 1 });
    const destination = new PassThrough().once('data', () => stream.destroy());
    await assert.rejects(pipeline(stream, destination), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  it('is undone, and the source left as it is, when the destination of a plain pipe() closes', async () => {
    const stream = createPatternStream(options);
    const destination = new PassThrough();
    stream.pipe(destination);
    await once(destination, 'readable');
    destination.destroy();
    await once(destination, 'close');
    await turn();
    assert.ok(!stream.destroyed);
    await closed(stream.destroy());
  });

  it('is aborted with an AbortError by the signal of a pipeline', async () => {
    const controller = new AbortController();
    const stream = createPatternStream({ seed: 1 });
    const destination = new PassThrough().once('data', () => controller.abort());
    await assert.rejects(pipeline(stream, destination, { signal: controller.signal }), { name: 'AbortError' });
    await closed(stream);
  });
});

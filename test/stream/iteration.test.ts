/** `for await`: to the end, and out of the middle by every exit. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed, parked, turn } from '../helpers/waiting';

const options = { seed: 9, length: 200_000, slots: 4, slotSize: 3000 };

describe('for await', () => {
  const folder = temporaryFolder();

  it('reads to the end, and leaves a closed stream', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(9);
    for await (const chunk of stream) reader.take(chunk);
    reader.assertReached(options.length);
    assert.ok(stream.destroyed && stream.readableEnded);
  });

  it('may take its time: the body of the loop decides the pace', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(9);
    for await (const chunk of stream) {
      reader.take(chunk);
      if (reader.offset < 30_000) await parked(stream);
      await turn();
    }
    reader.assertReached(options.length);
  });

  it('destroys the stream and closes the file when the loop is left with break', async () => {
    const stream = createReadStream(folder.fill('broken', 100_000), { slotSize: 1000 });
    let { fd } = stream;
    for await (const chunk of stream) {
      assert.equal((chunk as Buffer).length, 1000);
      ({ fd } = stream);
      break;
    }
    assert.ok(stream.destroyed);
    await closed(stream);
    assert.throws(() => fs.fstatSync(fd as number), { code: 'EBADF' });
  });

  it('destroys the stream when the loop throws, and passes the error on', async () => {
    const stream = createPatternStream({ seed: 1 });
    const reason = new Error('enough');
    await assert.rejects(async () => {
      for await (const chunk of stream) {
        assert.ok(chunk);
        throw reason;
      }
    }, reason);
    await closed(stream);
    assert.ok(stream.destroyed);
  });

  it('destroys the stream when a function returns out of the loop', async () => {
    const stream = createPatternStream({ seed: 1, slotSize: 1000 });
    const first = async (): Promise<Buffer | undefined> => {
      for await (const chunk of stream) return chunk as Buffer;
      return undefined;
    };
    assert.equal((await first())?.length, stream.stats().slotSize);
    await closed(stream);
  });

  it('goes on where it was left when the iterator must not destroy the stream', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(9);
    while (!stream.readableEnded) {
      let chunks = 0;
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        reader.take(chunk);
        if (++chunks === 7) break;
      }
      assert.ok(chunks === 7 || stream.readableEnded);
    }
    reader.assertReached(options.length);
  });

  it('throws what the source failed with', async () => {
    await assert.rejects(createReadStream(folder.path('missing')).toArray(), { code: 'ENOENT', syscall: 'open' });
    await assert.rejects(createReadStream(folder.path('.')).toArray(), { code: 'EISDIR', syscall: 'read' });
  });

  it('throws the error that the stream is destroyed with in the middle', async () => {
    const stream = createPatternStream({ seed: 1 });
    const reason = new Error('from outside');
    await assert.rejects(async () => {
      for await (const chunk of stream) {
        assert.ok(chunk);
        setImmediate(() => stream.destroy(reason));
      }
    }, reason);
  });

  it('throws ERR_STREAM_PREMATURE_CLOSE when the stream is destroyed without a reason', async () => {
    for (const inside of [true, false]) {
      const stream = createPatternStream({ seed: 1 });
      await assert.rejects(
        async () => {
          for await (const chunk of stream) {
            assert.ok(chunk);
            if (inside) stream.destroy();
            else setImmediate(() => stream.destroy());
          }
        },
        { code: 'ERR_STREAM_PREMATURE_CLOSE' },
      );
    }
  });

  it('works for a stream that waited, full, and for one that has ended already', async () => {
    const stream = createPatternStream(options);
    await parked(stream);
    const reader = new PatternReader(9);
    for await (const chunk of stream) reader.take(chunk);
    for await (const chunk of stream) reader.take(chunk);
    reader.assertReached(options.length);
  });

  it('works with the helpers of node:stream', async () => {
    const lengths = await createPatternStream(options)
      .drop(3)
      .take(5)
      .map((chunk: Buffer) => chunk.length)
      .toArray();
    assert.deepEqual(lengths, [3000, 3000, 3000, 3000, 3000]);
  });

  it('is closed by Symbol.asyncDispose, which waits for the end of the background thread', async () => {
    const stream = createReadStream(folder.fill('disposed', 100_000), { autoClose: true });
    await new Promise((resolve) => stream.once('ready', resolve));
    const fd = stream.fd as number;
    await stream[Symbol.asyncDispose]();
    assert.ok(stream.destroyed && stream.closed);
    assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
  });
});

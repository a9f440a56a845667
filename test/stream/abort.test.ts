/** An AbortSignal: before, during and after. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { assertSameAsNode, record } from '../helpers/twins';
import { bytesOf, closed, parked, turn } from '../helpers/waiting';

async function assertAborted(stream: ProducerStream, cause?: unknown): Promise<void> {
  const errors: Error[] = [];
  stream.on('error', (error: Error) => errors.push(error));
  await closed(stream);
  assert.equal(errors.length, 1);
  const error = errors[0] as NodeJS.ErrnoException;
  assert.deepEqual([error.name, error.code], ['AbortError', 'ABORT_ERR']);
  if (cause !== undefined) assert.equal(error.cause, cause);
}

describe('an AbortSignal', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 100_000);
  });

  it('that is aborted already destroys the stream before it opens the file', async () => {
    const path = folder.path('never');
    const cause = new Error('cause');
    const stream = createReadStream(path, { flags: 'a+', signal: AbortSignal.abort(cause) });
    assert.ok(stream.destroyed);
    await assertAborted(stream, cause);
    assert.ok(!fs.existsSync(path));
  });

  it('destroys a stream that was just created', async () => {
    const controller = new AbortController();
    const stream = createReadStream(file, { signal: controller.signal });
    controller.abort();
    await assertAborted(stream);
  });

  it('destroys a stream that is opening', async () => {
    const controller = new AbortController();
    const stream = createReadStream(file, { signal: controller.signal });
    process.nextTick(() => controller.abort());
    await assertAborted(stream);
  });

  it('destroys a stream in the middle, and closes its file', async () => {
    const controller = new AbortController();
    const stream = createReadStream(file, { signal: controller.signal, slotSize: 100 });
    const [fd] = (await once(stream, 'open')) as [number];
    let chunks = 0;
    stream.on('data', () => {
      if (++chunks === 5) controller.abort('a reason');
    });
    await assertAborted(stream, 'a reason');
    assert.equal(chunks, 5);
    assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
  });

  it('destroys a stream whose background thread sleeps', async () => {
    const controller = new AbortController();
    const stream = createPatternStream({ signal: controller.signal });
    await parked(stream);
    controller.abort();
    await assertAborted(stream);
  });

  it('ends for await with an AbortError', async () => {
    const controller = new AbortController();
    const stream = createPatternStream({ signal: controller.signal });
    await assert.rejects(
      async () => {
        for await (const chunk of stream) {
          assert.ok(chunk);
          setImmediate(() => controller.abort());
        }
      },
      { name: 'AbortError', code: 'ABORT_ERR' },
    );
  });

  it('does nothing after the end', async () => {
    const controller = new AbortController();
    const stream = createReadStream(file, { signal: controller.signal });
    const bytes = await bytesOf(stream as AsyncIterable<Buffer>);
    await closed(stream);
    controller.abort();
    await turn();
    assert.equal(bytes.length, 100_000);
    assert.equal(stream.errored, null);
  });

  it('does nothing after a failure, whose error stays', async () => {
    const controller = new AbortController();
    const stream = createReadStream(folder.path('missing'), { signal: controller.signal });
    await closed(stream);
    controller.abort();
    await turn();
    assert.equal((stream.errored as NodeJS.ErrnoException).code, 'ENOENT');
  });

  it('may end many streams at once', async () => {
    const controller = new AbortController();
    const streams = Array.from({ length: 20 }, () => createPatternStream({ signal: controller.signal, slotSize: 10 }));
    await Promise.all(streams.map((stream) => parked(stream)));
    controller.abort();
    await Promise.all(streams.map((stream) => assertAborted(stream)));
  });

  for (const when of ['data', 'ready', 'end']) {
    it(`in '${when}' leaves the same events as with node:fs`, () =>
      assertSameAsNode(async (create) => {
        const controller = new AbortController();
        const stream = create(file, { signal: controller.signal, highWaterMark: 1000 });
        const log = record(stream);
        stream.once(when, () => controller.abort());
        stream.resume();
        await closed(stream);
        return log;
      }));
  }
});

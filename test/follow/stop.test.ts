/** How a stream ends that waits for more: at once, from everywhere, and leaving nothing behind. */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createReadStream, type ReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { descriptors, noThreadIsKept, onLinux, threads } from '../helpers/process';
import { closed, turn, until } from '../helpers/waiting';
import { promised } from '../helpers/promised';
import { sleeps, startNodesOwnThreads } from '../lifecycle/helpers/threads';

const follower = path.join(__dirname, 'fixtures', 'follower.js');
const run = promisify(execFile);

if (onLinux) {
  describe('a stream that waits for its file to grow', () => {
    const folder = temporaryFolder();
    let before: { threads: string[]; descriptors: number };

    beforeEach(async () => {
      await startNodesOwnThreads();
      await noThreadIsKept();
      before = { threads: threads(), descriptors: descriptors().length };
    });

    /** The stream's threads sleep: there is nothing more to read. */
    async function waiting(stream: ReadStream): Promise<void> {
      stream.resume();
      await once(stream, 'data');
      let ours: string[] = [];
      await until(() => (ours = threads().filter((thread) => !before.threads.includes(thread))).length === 2);
      await until(() => ours.every(sleeps));
    }

    async function leavesNothing(): Promise<void> {
      await until(() => threads().length <= before.threads.length);
      assert.equal(descriptors().length, before.descriptors);
    }

    it('is destroyed within 100 ms, and leaves no thread and no descriptor', async () => {
      const stream = createReadStream(folder.write('destroyed', 'x'), { follow: true });
      await waiting(stream);
      const began = performance.now();
      await closed(stream.destroy());
      assert.ok(performance.now() - began < promised(100));
      assert.equal(stream.errored, null);
      await leavesNothing();
    });

    it('is aborted by its signal, with an AbortError', async () => {
      const controller = new AbortController();
      const stream = createReadStream(folder.write('aborted', 'x'), { follow: true, signal: controller.signal });
      await waiting(stream);
      controller.abort();
      const began = performance.now();
      const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
      assert.deepEqual([error.name, error.code], ['AbortError', 'ABORT_ERR']);
      await closed(stream);
      assert.ok(performance.now() - began < promised(100));
      await leavesNothing();
    });

    it('is destroyed at any moment', async () => {
      const file = folder.write('any-moment', 'x');
      for (let moment = 0; moment < 50; moment++) {
        const stream = createReadStream(file, { follow: true }).resume();
        for (let turns = 0; turns < moment; turns++) await turn();
        await closed(stream.destroy());
      }
      await leavesNothing();
    });

    it('ends when a loop over its slots is left', async () => {
      const stream = createReadStream(folder.write('loop', 'all'), { follow: true });
      for await (const slot of stream.slots()) {
        assert.equal(slot.data.toString(), 'all');
        break;
      }
      await closed(stream);
      await leavesNothing();
    });

    it('inherits no descriptor to a child', async () => {
      const stream = createReadStream(folder.write('inherited', 'x'), { follow: true });
      await waiting(stream);
      const list = 'process.stdout.write(String(require("fs").readdirSync("/proc/self/fd").length))';
      const during = (await run(process.execPath, ['-e', list])).stdout;
      await closed(stream.destroy());
      assert.equal(during, (await run(process.execPath, ['-e', list])).stdout);
    });

    it('lets the process end by itself when nobody reads it', async () => {
      const { stdout } = await run(process.execPath, [follower, folder.write('unread', 'x'), 'unread']);
      assert.equal(stdout, 'ready');
    });

    it('lets the process end by itself after unref()', async () => {
      await run(process.execPath, [follower, folder.write('unref', 'x'), 'unref']);
    });

    it('does not keep process.exit() from ending the process', async () => {
      const ended = run(process.execPath, [follower, folder.write('exit', 'x'), 'exit']);
      await assert.rejects(ended, { code: 7, signal: null });
    });

    it('ends with its worker when that is terminated', async () => {
      const file = folder.write('worker', 'x');
      for (let round = 0; round < 10; round++) {
        const worker = new Worker(follower, { argv: [file, 'worker'] });
        await once(worker, 'message');
        await worker.terminate();
      }
      await leavesNothing();
    });
  });
}

/** Rule 8: descriptors are closed once, by whom they belong to, and never inherited. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { descriptors, onLinux } from '../helpers/process';
import { bytesOf, closed, turn, until } from '../helpers/waiting';
import { itWithPackages } from '../helpers/where';
import { askChild } from './helpers/child';
import { callsIn, strace } from './helpers/strace';
import { startNodesOwnThreads } from './helpers/threads';

const LENGTH = 1_000_000;

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

/** When a stream with a descriptor of ours is destroyed. */
const moments: Record<string, (stream: ProducerStream) => unknown> = {
  'at once': (stream) => stream.destroy(),
  'in the tick after': (stream) => process.nextTick(() => stream.destroy()),
  'at its first chunk': (stream) => stream.once('data', () => stream.destroy()),
  'by its end': (stream) => stream.resume(),
  'by an error': (stream) => stream.once('data', () => stream.destroy(new Error('on purpose'))),
};

if (onLinux) {
  describe('Rule 8: whose descriptor it is decides who closes it', () => {
    const folder = temporaryFolder();

    for (const [when, act] of Object.entries(moments)) {
      it(`a descriptor that was given is closed, with a stream that is destroyed ${when}, unless autoClose is false`, async () => {
        const path = folder.fill('bytes', LENGTH);
        for (const autoClose of [true, false]) {
          const fd = openSync(path, 'r');
          const stream = createReadStream(null, { fd, autoClose });
          act(stream);
          if (!autoClose) stream.on('end', () => stream.destroy());
          await closed(stream);
          assert.equal(isOpen(fd), !autoClose);
          if (!autoClose) closeSync(fd);
        }
      });
    }

    it('a worker that ends does not close again what a stream closed, when it is another file by now', async () => {
      const path = folder.fill('bytes', LENGTH);
      const worker = new Worker(join(__dirname, 'fixtures', 'closing-worker.js'), { workerData: path });
      const [its] = (await once(worker, 'message')) as [number];
      const mine: number[] = [];
      do mine.push(openSync(path, 'r'));
      while (!mine.includes(its));
      worker.postMessage('end');
      await once(worker, 'exit');
      assert.ok(mine.every(isOpen));
      for (const descriptor of mine) closeSync(descriptor);
    });

    it('a path that is read to its end with autoClose false leaves its descriptor open until destroy()', async () => {
      const stream = createReadStream(folder.fill('bytes', LENGTH), { autoClose: false }).resume();
      await new Promise((resolve) => stream.once('end', resolve));
      const fd = stream.fd as number;
      assert.equal(isOpen(fd), true);
      stream.destroy();
      await closed(stream);
      assert.equal(isOpen(fd), false);
    });

    itWithPackages({ strace: 'strace' })('the thread that reads a file opens and closes it, once', async () => {
      const path = folder.fill('bytes', LENGTH);
      const log = folder.path('log');
      await askChild('read-file', [path], { ...strace(path, [], log), times: 5 });
      const calls = callsIn(log);
      const { thread } = calls[0] as { thread: string };
      assert.ok(
        calls.every((one) => one.thread === thread),
        'all in one thread',
      );
      const names = calls.map(({ call }) => call);
      assert.deepEqual([names[0], names.indexOf('close'), names.at(-1)], ['openat', names.length - 1, 'close']);
    });

    it('a child process inherits nothing of an open stream', async () => {
      const fifo = folder.fifo();
      const inherited = (): string[] => {
        const listing = execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' }).trim().split('\n');
        return listing.map((line) => line.replace(/.* -> (.*?)(:\[\d+\])?(\/proc\/.*)?$/, '$1'));
      };
      const before = inherited();
      const streams = [createPatternStream(), createReadStream(folder.fill('bytes', LENGTH)), createReadStream(fifo)];
      await Promise.all(streams.slice(1).map((stream) => new Promise((resolve) => stream.once('open', resolve))));
      assert.deepEqual(inherited(), before);
      for (const stream of streams) stream.destroy();
      await Promise.all(streams.map(closed));
    });

    it('what could not be opened to its end leaves no descriptor behind', async () => {
      const fifo = folder.fifo();
      const told = await askChild('no-descriptors', [fifo], { via: ['prlimit', '--nofile=100:100'] });
      assert.deepEqual(told, { code: 'EMFILE', syscall: 'pipe', left: 0 });
    });

    it('a stream that joins a group, with few descriptors left, needs none to find the interface', async () => {
      const outcomes = await askChild<string[]>('few-descriptors', ['lo', 6], { via: ['prlimit', '--nofile=100:100'] });
      assert.deepEqual([...new Set(outcomes)].sort(), ['listening', 'pipe EMFILE', 'socket EMFILE']);
    });

    it('1,000 streams leave no descriptor behind', async () => {
      await startNodesOwnThreads();
      const path = folder.fill('bytes', LENGTH);
      const fifo = folder.fifo();
      const before = descriptors();
      for (let count = 0; count < 1000; count++) {
        const stream = createReadStream(count % 2 === 0 ? path : fifo, { slots: 2, slotSize: 4096 });
        if (count % 3 === 0) stream.once('open', () => stream.destroy());
        else stream.destroy();
        await closed(stream);
      }
      assert.deepEqual(descriptors(), before);
    });
  });

  describe('Rule 8: a FileHandle is read through a duplicate', () => {
    const folder = temporaryFolder();

    it('that is closed with the stream, also when autoClose leaves the handle open, and the file is followed', async () => {
      await startNodesOwnThreads();
      const [file, fifo] = [folder.fill('kept', LENGTH), folder.fifo()];
      for (const [path, follow] of [
        [file, true],
        [fifo, true],
        [fifo, false],
      ] as const) {
        const handle = await open(path, 'r+'); // the FIFO's own writer: it does not end
        const before = descriptors();
        const stream = createReadStream('', { fd: handle, follow, autoClose: false });
        await until(() => descriptors().length > before.length);
        await closed(stream.destroy());
        assert.deepEqual(descriptors(), before);
        await handle.close();
      }
    });
  });

  describe('Rule 8: a FileHandle that is closed while it is read', () => {
    const folder = temporaryFolder();

    it("is read although its number is another file's before the stream comes to open it", async () => {
      const mine = folder.write('mine', Buffer.alloc(LENGTH, 'm'));
      const other = folder.write('other', Buffer.alloc(LENGTH, 'o'));
      for (const options of [{}, { follow: true, end: LENGTH - 1 }]) {
        const before = descriptors();
        const handle = await open(mine);
        const create = (): ProducerStream => createReadStream('', { fd: handle, autoClose: false, ...options });
        const [read, unread] = [create(), create()];
        closeSync(handle.fd);
        assert.equal(openSync(other, 'r'), handle.fd);
        await closed(unread.destroy());
        assert.deepEqual(await bytesOf(read), Buffer.alloc(LENGTH, 'm'));
        await closed(read.destroy());
        await handle.close(); // the other file, by now
        assert.deepEqual(descriptors(), before);
      }
    });

    it('never makes a stream read, or close, a file that got the same descriptor', async () => {
      const mine = folder.write('mine', Buffer.alloc(LENGTH, 'm'));
      const other = folder.write('other', Buffer.alloc(LENGTH, 'o'));
      for (let run = 0; run < 300; run++) {
        const handle = await open(mine);
        const stream = createReadStream('', { fd: handle, slots: 2, slotSize: 4096 });
        let foreign = 0;
        stream.on('data', (chunk: Buffer) => (foreign += chunk.includes('o') ? 1 : 0));
        for (let turns = run % 5; turns > 0; turns--) await turn();
        const closing = handle.close().catch(() => undefined);
        const sentinels: number[] = [];
        for (let turns = 0; turns < 3; turns++) {
          for (let count = 0; count < 4; count++) sentinels.push(openSync(other, 'r'));
          await turn();
        }
        await Promise.all([closing, closed(stream)]);
        assert.equal(foreign, 0);
        for (const sentinel of sentinels) closeSync(sentinel);
      }
    });
  });
}

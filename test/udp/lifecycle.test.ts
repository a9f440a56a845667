/** UDP streams end when they should, and not before: destroy(), signals, ref() and unref(), workers. */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { UdpStream } from 'slipring';

import { descriptors, noThreadIsKept, onLinux, threads } from '../helpers/process';
import { promised } from '../helpers/promised';
import { closed, parked, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { udpEnds } from './helpers/ends';
import { numbers, type Sender } from './helpers/sender';
import { describeWithUdp } from './helpers/where';

const itOnLinux = itWhere(onLinux, 'only Linux lists descriptors and threads');
const fixture = path.join(__dirname, 'fixtures', 'stream.js');

describeWithUdp('a UDP stream', () => {
  const ends = udpEnds();
  const states: Record<string, (sender: Sender) => Promise<UdpStream>> = {
    'that was just created': () => Promise.resolve(ends.create()),
    'that waits for a datagram': async () => (await ends.open()).resume(),
    'that nobody reads': () => ends.open(),
    'whose ring is full': async (sender) => {
      const stream = await ends.open({ slots: 1, slotSize: 104 });
      await sender.sendAll(numbers(5), stream);
      await parked(stream);
      return stream;
    },
    'that drops what comes': async (sender) => {
      const stream = await ends.open({ slots: 1, slotSize: 104, overflow: 'drop-newest' });
      await sender.sendAll(numbers(5), stream);
      await until(() => stream.stats().droppedChunks > 0);
      return stream;
    },
    'whose batch is lent': async (sender) => {
      const stream = await ends.open();
      const batches = stream.batches();
      await sender.send('x', stream);
      await batches.next();
      return stream;
    },
    'that is in the middle of a slot': async (sender) => {
      const stream = await ends.open();
      await sender.sendAll(numbers(10), stream);
      await until(() => stream.stats().chunksProduced === 10);
      stream.once('data', () => stream.pause());
      await once(stream, 'pause');
      return stream;
    },
  };

  for (const [state, create] of Object.entries(states)) {
    it(`${state} is closed within 100 ms of destroy()`, async () => {
      const sender = await ends.sender();
      const stream = await create(sender);
      const begun = performance.now();
      await closed(stream.destroy());
      assert.ok(performance.now() - begun < promised(100));
    });
  }

  itOnLinux('leaves neither a descriptor nor a thread behind', async () => {
    await closed((await ends.open()).destroy());
    await noThreadIsKept();
    const before = [descriptors().length, threads().length];
    for (let i = 0; i < 20; i++) await closed((await ends.open()).destroy());
    const failed = ends.create({ address: '192.0.2.1' });
    await closed(failed);
    assert.deepEqual([descriptors().length, threads().length], before);
  });

  it('is destroyed by its signal', async () => {
    const controller = new AbortController();
    const stream = await ends.open({ signal: controller.signal });
    controller.abort();
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ABORT_ERR');
  });

  for (const [situation, holds] of [
    ['idle', true],
    ['unread', true],
    ['unref', false],
    ['unref ref', true],
  ] as const) {
    it(`${holds ? 'keeps the process alive' : 'lets the process end'}: ${situation}`, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [fixture, situation]);
      assert.equal(stdout, holds ? 'fired' : '');
    });
  }

  it('in a worker dies with it, whatever comes', async () => {
    const sender = await ends.sender();
    for (let i = 0; i < 5; i++) {
      const worker = new Worker(fixture);
      const [port] = (await once(worker, 'message')) as [number];
      for (const text of numbers(50)) await sender.send(text, port);
      await worker.terminate();
    }
  });

  it('calls its listeners in the context in which it was made', async () => {
    const context = new AsyncLocalStorage<string>();
    const sender = await ends.sender();
    const stream = context.run('of the stream', () =>
      ends.create({ slots: 2, slotSize: 104, overflow: 'drop-oldest' }),
    );
    const seen = new Set<string>();
    for (const event of ['listening', 'data', 'gap'])
      stream.on(event, () => seen.add(`${event} ${context.getStore()}`));
    stream.pause();
    await until(() => seen.size === 1);
    await sender.sendAll(numbers(10), stream);
    await until(() => stream.stats().droppedChunks > 0);
    stream.resume();
    await until(() => seen.size === 3);
    assert.deepEqual([...seen].sort(), ['data of the stream', 'gap of the stream', 'listening of the stream']);
  });
});

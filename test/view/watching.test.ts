/** What it costs to be watched, and not to be. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import path from 'node:path';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';
import { serveView, type View } from 'slipring/view';

import { temporaryFolder } from '../helpers/files';
import { collectGarbage } from '../helpers/garbage';
import { closed, turn, until } from '../helpers/waiting';
import { closeOtherStreams } from './helpers/alone';
import { beside, opened } from './helpers/asking';
import { Watcher } from './helpers/watching';

/** The timers that run, and what each does, as long as `body` runs. */
async function withTimers(body: (running: Map<unknown, () => void>) => Promise<void>): Promise<void> {
  const { setInterval, clearInterval } = globalThis;
  const running = new Map<unknown, () => void>();
  Object.assign(globalThis, {
    setInterval: (look: () => void, period: number) => {
      const timer = setInterval(look, period);
      running.set(timer, look);
      return timer;
    },
    clearInterval: (timer: NodeJS.Timeout) => {
      running.delete(timer);
      clearInterval(timer);
    },
  });
  try {
    await body(running);
  } finally {
    Object.assign(globalThis, { setInterval, clearInterval });
  }
}

/** What is done with the latency monitors of a stream, as it happens. */
function callsOf(stream: ProducerStream): string[] {
  const calls: string[] = [];
  const monitor = stream.monitorLatency.bind(stream);
  stream.monitorLatency = (options) => {
    const histogram = monitor(options);
    for (const name of ['enable', 'disable'] as const) {
      const call = histogram[name].bind(histogram);
      histogram[name] = () => {
        calls.push(name);
        return call();
      };
    }
    return histogram;
  };
  return calls;
}

describe('a view that is watched', () => {
  const folder = temporaryFolder();
  let view: View;

  before(closeOtherStreams);

  beforeEach(async () => {
    view = await serveView();
  });

  afterEach(async () => {
    await view.close();
  });

  it('measures latency only as long as somebody watches', async () => {
    const stream = createPatternStream({ slotSize: 1000, slots: 4 });
    const calls = callsOf(stream);
    assert.deepEqual(calls, []);
    using watcher = await Watcher.of(view.url);
    for (let seen = false; !seen;) {
      stream.read();
      const snapshot = await watcher.next();
      seen = snapshot?.streams.some(({ latency }) => latency !== null) ?? true;
    }
    assert.deepEqual(calls, ['enable']);
    watcher[Symbol.dispose]();
    await until(() => calls.length === 2);
    assert.deepEqual(calls, ['enable', 'disable']);
    await closed(stream.destroy());
  });

  it('measures only some of the time of a stream that has very many chunks', async () => {
    const stream = createPatternStream({ slotSize: 64 }).resume();
    const calls = callsOf(stream);
    using watcher = await Watcher.of(view.url);
    await until(() => calls.length === 5);
    assert.deepEqual(calls, ['enable', 'disable', 'enable', 'disable', 'enable']);
    await watcher.seen('pattern', ({ latency }) => latency !== null);
    await closed(stream.destroy());
  });

  it('hears of what happens rarely, and of nothing once it is closed', async () => {
    const names = ['gap', 'stall', 'rotate', 'error', 'close'].map((name) => `slipring:stream:${name}`);
    assert.ok(names.every((name) => channel(name).hasSubscribers));
    await view.close();
    assert.ok(!names.some((name) => channel(name).hasSubscribers));
  });

  it('has a timer only as long as somebody watches', async () => {
    await withTimers(async (running) => {
      using watcher = await Watcher.of(view.url);
      await watcher.next();
      assert.equal(running.size, 1);
      watcher[Symbol.dispose]();
      await until(() => running.size === 0);
    });
  });

  it('keeps nothing for a watcher that reads nothing, but one snapshot', async () => {
    // As long as a path may be, so that a snapshot is large.
    const file = `/${'./'.repeat(1900)}${folder.write('file', 'abc')}`;
    const streams = Array.from({ length: 80 }, () => createReadStream(file, { slotSize: 64, slots: 1 }));
    await withTimers(async (running) => {
      const slow = await opened(beside(view.url, '/events'));
      slow.pause();
      await until(() => running.size === 1);
      const [tell] = [...running.values()];
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 150; i++) {
        tell?.();
        await turn();
      }
      collectGarbage();
      // All of them would be 50 MB, less what the system takes.
      assert.ok(process.memoryUsage().heapUsed - before < 10e6);
      slow.destroy();
    });
    await Promise.all(streams.map((stream) => closed(stream.destroy())));
  });

  it('lets the process end, watched or not', async () => {
    const script = `
      const { serveView } = require('slipring/view');
      serveView().then(({ url }) => {
        console.log(url);
        process.stdin.once('data', () => process.stdin.destroy());
      });`;
    for (const isWatched of [false, true]) {
      const child = spawn(process.execPath, ['-e', script], {
        cwd: path.dirname(require.resolve('slipring/package.json')),
      });
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      using watcher = isWatched ? await Watcher.of(line.toString().trim()) : undefined;
      await watcher?.next();
      child.stdin.write('go\n');
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 0);
    }
  });
});

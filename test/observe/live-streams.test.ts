/** Which streams of the thread are open. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createDeviceStream, createPatternStream, createReadStream, liveStreams } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { collectGarbage } from '../helpers/garbage';
import { closed, parked, turn, until } from '../helpers/waiting';
import { itWithFifos } from '../helpers/where';

describe('liveStreams()', () => {
  const folder = temporaryFolder();

  /** Those that the test has made. */
  const among = <Stream extends object>(...own: Stream[]): Stream[] =>
    liveStreams().filter((stream): stream is never => own.includes(stream as unknown as Stream));

  itWithFifos('has the streams of every kind in the order in which they were made, whichever opens first', async () => {
    const streams = [
      createDeviceStream(folder.fifo()),
      createPatternStream(),
      createReadStream(folder.write('a', 'abc'), { follow: true }),
      createReadStream(folder.write('b', 'abc')),
    ];
    assert.deepEqual(among(...streams), streams);
    await once(streams[3] as object as NodeJS.EventEmitter, 'ready');
    assert.deepEqual(among(...streams), streams);
    await closed((streams[1] as (typeof streams)[number]).destroy());
    assert.deepEqual(among(...streams), [streams[0], streams[2], streams[3]]);
    await Promise.all(streams.map((stream) => closed(stream.destroy())));
    assert.deepEqual(among(...streams), []);
  });

  it('gives an array of its own each time', async () => {
    const stream = createPatternStream();
    const list = liveStreams();
    list.length = 0;
    assert.deepEqual(among(stream), [stream]);
    await closed(stream.destroy());
  });

  it('has no stream any more when it tells of its end', async () => {
    const stream = createPatternStream({ length: 10 });
    stream.on('end', () => assert.deepEqual(among(stream), []));
    stream.once('data', () => assert.deepEqual(among(stream), [stream]));
    await closed(stream);
    assert.deepEqual(among(stream), []);
  });

  it('has no stream that failed, or that never got to open anything', async () => {
    const missing = createReadStream(folder.path('missing'));
    const atOnce = createPatternStream().destroy();
    const open = createPatternStream({ autoClose: false });
    const failed = createReadStream(folder.path('missing'), { autoClose: false });
    assert.deepEqual(among<object>(missing, open, failed), [missing, open, failed]);
    failed.on('error', () => undefined);
    await Promise.all([closed(missing), closed(atOnce), parked(open), once(failed, 'error')]);
    await turn();
    assert.deepEqual(among<object>(missing, atOnce, open, failed), [open]);
    await closed(open.destroy());
  });

  it('has a stream that is being destroyed until its thread is gone', async () => {
    const stream = createPatternStream();
    await parked(stream);
    stream.destroy();
    assert.deepEqual(among(stream), [stream]);
    stream.on('close', () => assert.deepEqual(among(stream), []));
    await closed(stream);
  });

  it('keeps no stream that nobody closes', async () => {
    const path = folder.write('left', 'abc');
    const left = new WeakRef(createReadStream(path, { autoClose: false }).resume());
    await until(() => left.deref()?.readableEnded ?? true);
    for (let i = 0; i < 20 && left.deref() !== undefined; i++) {
      await turn();
      collectGarbage();
    }
    assert.equal(left.deref(), undefined);
  });

  it('has the streams of its own thread only', async () => {
    const code = `
      const { createPatternStream, liveStreams } = require('slipring');
      const stream = createPatternStream();
      require('node:worker_threads').parentPort.postMessage(liveStreams().length);
      stream.destroy();`;
    const stream = createPatternStream();
    const before = liveStreams().length;
    const worker = new Worker(code, { eval: true });
    const [count] = (await once(worker, 'message')) as [number];
    assert.equal(count, 1);
    assert.equal(liveStreams().length, before);
    await Promise.all([once(worker, 'exit'), closed(stream.destroy())]);
  });
});

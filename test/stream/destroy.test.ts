/** destroy() and close(): at any moment, any number of times; afterwards nothing comes and nothing is open. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { PassThrough } from 'node:stream';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, parked, turn } from '../helpers/waiting';

const options = { slots: 3, slotSize: 1000 };

describe('destroy()', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 100_000);
  });

  function isOpen(fd: number): boolean {
    try {
      fs.fstatSync(fd);
      return true;
    } catch {
      return false;
    }
  }

  it('does not open the file of a stream that was just created', async () => {
    const created = folder.path('never');
    const stream = createReadStream(created, { flags: 'a+' });
    let opened = false;
    stream.on('open', () => (opened = true));
    await closed(stream.destroy());
    assert.ok(!opened && !fs.existsSync(created));
    assert.equal(stream.fd, null);
  });

  it('closes the file of a stream that is opening', async () => {
    const stream = createReadStream(file, options);
    await new Promise((resolve) => process.nextTick(resolve));
    await closed(stream.destroy());
    assert.equal(stream.fd, null);
  });

  it('does not take threads for stuck because the event loop stood still for longer than one may', async () => {
    const failed: unknown[] = [];
    // Many, so that some threads have not ended when they are asked.
    const streams = Array.from({ length: 20 }, () => createReadStream(file, options));
    for (const stream of streams) stream.on('error', (error) => failed.push(error));
    await Promise.all(streams.map((stream) => parked(stream.on('readable', () => undefined))));
    await turn(); // what is due comes right after it, and before what threads have to tell
    for (const stream of streams) stream.destroy();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5100);
    await Promise.all(streams.map(closed));
    assert.deepEqual(failed, []);
  });

  it("closes the file in 'open', and hands nothing on", async () => {
    const stream = createReadStream(file, options);
    stream.on('data', () => assert.fail());
    const [fd] = (await once(
      stream.once('open', () => stream.destroy()),
      'open',
    )) as [number];
    await closed(stream);
    assert.ok(!isOpen(fd));
  });

  it("hands nothing on after the chunk in whose 'data' it was called", async () => {
    for (let wanted = 1; wanted < 20; wanted++) {
      const stream = createPatternStream({ ...options, slots: 10 });
      // With more at hand, and without.
      if (wanted % 2 === 0) await parked(stream);
      let chunks = 0;
      stream.on('data', () => {
        if (++chunks === wanted) stream.destroy();
      });
      stream.on('end', () => assert.fail());
      await closed(stream);
      assert.deepEqual([chunks, stream.stats().chunksDelivered], [wanted, wanted]);
    }
  });

  it('stops a background thread that sleeps because every slot is full', async () => {
    const stream = createPatternStream(options);
    await parked(stream);
    await closed(stream.destroy());
    const { chunksProduced, producerWaitNs } = stream.stats();
    await turn();
    assert.equal(stream.stats().chunksProduced, chunksProduced);
    assert.equal(stream.stats().producerWaitNs, producerWaitNs);
  });

  it('stops a background thread that sleeps because of a rate limit', async () => {
    const stream = createPatternStream({ rate: 1, slotSize: 100 });
    await turn();
    await closed(stream.destroy());
    assert.ok(stream.stats().bytesProduced <= 2);
  });

  it("may be called in 'end', 'error' and 'close'", async () => {
    for (const [path, event] of [
      [file, 'end'],
      [folder.path('missing'), 'error'],
      [file, 'close'],
    ] as const) {
      const stream = createReadStream(path, options).resume();
      let closes = 0;
      stream.on('close', () => closes++);
      stream.on(event, () => stream.destroy());
      await closed(stream);
      await turn();
      assert.equal(closes, 1);
    }
  });

  it("emits 'close' once, however often it is called", async () => {
    const stream = createPatternStream(options);
    let closes = 0;
    stream.on('close', () => closes++);
    for (let i = 0; i < 5; i++) {
      assert.equal(stream.destroy(), stream);
      await turn();
    }
    await closed(stream);
    assert.equal(closes, 1);
  });

  it("emits its error once, before 'close'", async () => {
    const stream = createPatternStream(options);
    const reason = new Error('on purpose');
    const events: unknown[] = [];
    stream.on('error', (error) => events.push(error));
    stream.on('close', () => events.push('close'));
    stream.destroy(reason);
    stream.destroy(new Error('too late'));
    await closed(stream);
    assert.deepEqual(events, [reason, 'close']);
    assert.equal(stream.errored, reason);
  });

  it('makes read() return null, and resume() harmless', async () => {
    const stream = createPatternStream(options);
    await parked(stream);
    await closed(stream.destroy());
    assert.equal(stream.read(), null);
    assert.equal(stream.read(10), null);
    stream.on('data', () => assert.fail());
    stream.resume();
    await turn();
  });

  it("is the end of a stream whose file was opened meanwhile: nothing that is done to it after 'close' tells of that", async () => {
    const stream = createReadStream(file, options);
    stream.pipe(new PassThrough());
    await new Promise((resolve) => process.nextTick(resolve));
    // The thread has opened the file by then, and the event loop has not heard of it.
    while (stream.stats().bytesProduced === 0);
    await closed(stream.destroy());
    let opened = false;
    stream.on('open', () => (opened = true));
    stream.on('readable', () => undefined);
    stream.read();
    await turn();
    assert.deepEqual([opened, stream.fd], [false, null]);
  });

  it("leaves a caller's descriptor open when autoClose is false", async () => {
    const fd = fs.openSync(file, 'r');
    const stream = createReadStream('', { fd, autoClose: false, ...options });
    await once(stream, 'data');
    await closed(stream.destroy());
    assert.ok(isOpen(fd));
    fs.closeSync(fd);
  });

  it("closes a caller's descriptor otherwise, also when it was never read", async () => {
    const fd = fs.openSync(file, 'r');
    const stream = createReadStream('', { fd, ...options });
    await parked(stream);
    await closed(stream.destroy());
    assert.ok(!isOpen(fd));
  });

  it("calls close()'s callback once the file is closed, also when it is closed already", async () => {
    const stream = createReadStream(file, options);
    const [fd] = (await once(stream, 'open')) as [number];
    await new Promise((resolve) => stream.close(resolve));
    assert.ok(!isOpen(fd));
    await new Promise((resolve) => stream.close(resolve));
  });
});

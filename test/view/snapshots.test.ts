/** What a view tells of streams. */
import { strict as assert } from 'node:assert';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { createPatternStream, createReadStream, createUdpStream, type Slot } from 'slipring';
import { serveView, type View } from 'slipring/view';

import { temporaryFolder } from '../helpers/files';
import { collectGarbage } from '../helpers/garbage';
import { closed, parked, turn, until } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';
import { closeOtherStreams } from './helpers/alone';
import { Watcher } from './helpers/watching';

describe('a snapshot of a view', () => {
  const folder = temporaryFolder();
  let view: View;

  before(closeOtherStreams);

  before(async () => {
    view = await serveView();
  });

  after(async () => {
    await view.close();
  });

  it('says which program it is of, and when it was made', async () => {
    const before = Date.now();
    using watcher = await Watcher.of(view.url);
    const snapshot = await watcher.next();
    assert.equal(snapshot?.version, 1);
    assert.ok(snapshot.time >= before && snapshot.time <= Date.now());
    assert.equal(snapshot.program.pid, process.pid);
    assert.equal(snapshot.program.node, process.version);
    assert.ok(snapshot.program.started <= before);
  });

  it('has a stream that was made before the view, where its slots are, and who waits', async () => {
    const path = folder.fill('before', 10_000);
    const stream = createReadStream(path, { slotSize: 1000, slots: 4 });
    await parked(stream);
    await using other = await serveView();
    using watcher = await Watcher.of(other.url);
    const seen = await watcher.seen(path, ({ producerWaiting }) => producerWaiting > 0.5);
    assert.deepEqual([seen.state, seen.source, seen.slotsFilling, seen.rate], ['open', 'file', 0, 0]);
    assert.deepEqual([seen.stats.slots, seen.stats.slotsFree, seen.stats.slotsReady], [4, 0, 4]);
    assert.match(seen.waiting, /^The source waits for the consumer/);
    await closed(stream.destroy());
  });

  it('says of one that waits for its source that the thread is filling a slot', async () => {
    const path = folder.write('followed', 'abc');
    const stream = createReadStream(path, { follow: true, slots: 4 }).resume();
    using watcher = await Watcher.of(view.url);
    const seen = await watcher.seen(path, ({ stats }) => stats.bytesDelivered === 3);
    assert.deepEqual([seen.state, seen.source, seen.slotsFilling, seen.stats.slotsFree], ['open', 'follow', 1, 4]);
    await closed(stream.destroy());
  });

  it('says of a slot that was released while the thread sleeps that it is free, and not that it is filled', async () => {
    const stream = createPatternStream({ slotSize: 1000, slots: 8 });
    await parked(stream);
    const loop: AsyncIterator<Slot> = stream.slots();
    await loop.next();
    await loop.next();
    using watcher = await Watcher.of(view.url);
    const seen = await watcher.seen('pattern', ({ producerWaiting }) => producerWaiting > 0.9);
    assert.deepEqual([seen.stats.slotsFree, seen.slotsFilling], [1, 0]);
    await closed(stream.destroy());
  });

  it('says how fast one is, and how long its chunks lie in the ring', async () => {
    const stream = createPatternStream({ slotSize: 1000 }).resume();
    using watcher = await Watcher.of(view.url);
    const seen = await watcher.seen('pattern', ({ rate, latency }) => rate > 0 && latency !== null);
    const { p50, p99, max } = seen.latency ?? assert.fail();
    assert.ok(p50 > 0 && p50 <= p99 && p99 <= max);
    await closed(stream.destroy());
  });

  it('keeps one that has ended, with what it counted last', async () => {
    const path = folder.fill('ended', 5000);
    const before = Date.now();
    await closed(createReadStream(path).resume());
    using watcher = await Watcher.of(view.url);
    const seen = await watcher.seen(path, () => true);
    assert.deepEqual([seen.state, seen.error, seen.stats.bytesDelivered, seen.rate], ['ended', null, 5000, 0]);
    assert.ok((seen.until ?? 0) >= before);
  });

  it('keeps one that has failed, and says what with', async () => {
    const path = folder.path('missing');
    await closed(createReadStream(path));
    using watcher = await Watcher.of(view.url);
    const { state, error } = await watcher.seen(path, () => true);
    assert.equal(state, 'failed');
    assert.equal(error?.code, 'ENOENT');
  });

  it('says that one has ended that nobody closes', async () => {
    const path = folder.write('open for ever', 'abc');
    const stream = createReadStream(path, { autoClose: false });
    using watcher = await Watcher.of(view.url);
    await watcher.seen(path, ({ state }) => state === 'open');
    stream.resume();
    await watcher.seen(path, ({ state, stats }) => state === 'ended' && stats.bytesDelivered === 3);
    await closed(stream.destroy());
  });

  it('has the stalls of one, and since when it stands still', async () => {
    const path = folder.fill('stalled', 10_000);
    const stream = createReadStream(path, { slotSize: 1000, slots: 2 });
    const loop: AsyncIterator<Slot> = stream.slots();
    await loop.next();
    await parked(stream);
    using watcher = await Watcher.of(view.url);
    const seen = await watcher.seen(path, ({ stalledSince }) => stalledSince !== null);
    assert.equal(seen.counts.stalls, 1);
    const [stall] = seen.happenings;
    assert.ok(stall?.kind === 'stall' && stall.duration >= 500);
    assert.deepEqual([stall.ready, stall.lent], [1, 1]);
    assert.match(seen.waiting, /keeps 1 of 2 slots/);
    await loop.next();
    await watcher.seen(path, ({ stalledSince, counts }) => stalledSince === null && counts.stalls === 1);
    await closed(stream.destroy());
  });

  itWhere(!onWindows, 'needs UDP')('has the losses of one, together those of a second', async () => {
    const stream = createUdpStream({ address: '127.0.0.1', overflow: 'drop-newest', slots: 1, slotSize: 4096 });
    await once(stream, 'listening');
    const { port } = stream.address();
    const name = `udp://127.0.0.1:${port}`;
    const sender = createSocket('udp4');
    while (stream.stats().droppedChunks < 3) {
      sender.send(Buffer.alloc(1000), port, '127.0.0.1');
      await turn();
    }
    using watcher = await Watcher.of(view.url);
    let lost = 0;
    stream.on('gap', ({ droppedChunks }) => (lost += droppedChunks ?? 0)).resume();
    while (lost < 3) {
      // What is missing is told before what comes next.
      sender.send(Buffer.alloc(1000), port, '127.0.0.1');
      await turn();
    }
    const seen = await watcher.seen(name, ({ counts }) => counts.gaps > 0);
    const gaps = seen.happenings.filter(({ kind }) => kind === 'gap');
    assert.equal(gaps.length, 1);
    assert.ok(gaps[0]?.kind === 'gap' && (gaps[0].chunks ?? 0) >= 3);
    assert.equal(gaps[0].times, seen.counts.gaps);
    sender.close();
    await closed(stream.destroy());
    const { state } = await watcher.seen(name, ({ until }) => until !== null);
    assert.equal(state, 'ended');
  });

  it('has the rotations of one', async () => {
    const path = folder.write('rotated.log', 'one\n');
    const stream = createReadStream(path, { follow: true }).resume();
    await until(() => stream.bytesRead === 4);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'two');
    appendFileSync(path, '\n');
    using watcher = await Watcher.of(view.url);
    const seen = await watcher.seen(path, ({ counts }) => counts.rotations === 1);
    const [rotation] = seen.happenings;
    assert.ok(rotation?.kind === 'rotation' && rotation.offset === 4);
    await closed(stream.destroy());
  });

  it('has a hundred that are open, and says how many more there are', async () => {
    const streams = Array.from({ length: 103 }, () => createPatternStream({ slotSize: 64, slots: 1 }));
    using watcher = await Watcher.of(view.url);
    const snapshot = await watcher.next();
    const open = snapshot?.streams.filter(({ until }) => until === null) ?? [];
    assert.deepEqual([open.length, snapshot?.others], [100, 3]);
    await Promise.all(streams.map((stream) => closed(stream.destroy())));
  });

  it('forgets all but the last that have ended', async () => {
    for (let i = 0; i < 40; i++) await closed(createPatternStream({ length: 1 }).resume());
    using watcher = await Watcher.of(view.url);
    const snapshot = await watcher.next();
    assert.equal(snapshot?.streams.length, 32);
  });

  it('keeps no stream in memory', async () => {
    const length = 12_345;
    const make = async (): Promise<WeakRef<object>> => {
      using watcher = await Watcher.of(view.url);
      const stream = createPatternStream({ length, autoClose: false });
      await watcher.seen('pattern', ({ stats, state }) => state === 'open' && stats.bytesDelivered === 0);
      stream.resume();
      await watcher.seen('pattern', ({ state, stats }) => state === 'ended' && stats.bytesDelivered === length);
      return new WeakRef(stream);
    };
    const stream = await make();
    await until(() => {
      collectGarbage();
      return stream.deref() === undefined;
    });
  });
});

/** A consumer that stops costs nothing: the background thread sleeps, memory stays as it is, and all goes on later. */
import { strict as assert } from 'node:assert';
import { Writable } from 'node:stream';
import { setTimeout as passes } from 'node:timers/promises';
import { createPatternStream } from 'slipring';

import { PatternReader } from '../helpers/pattern';
import { cpuTime, noThreadIsKept, onLinux, threads } from '../helpers/process';
import { closed, parked, turn, until } from '../helpers/waiting';

const MIB = 2 ** 20;

describe('backpressure', () => {
  it('parks the background thread: it has waited once, and waits on', async () => {
    const stream = createPatternStream({ slots: 4, slotSize: 1000 });
    await parked(stream);
    const before = stream.stats();
    assert.equal(before.slotsReady, 4);
    assert.equal(before.producerWaits, 1);
    await until(() => stream.stats().producerWaitNs > before.producerWaitNs);
    const { producerWaits, chunksProduced, chunksDelivered } = stream.stats();
    assert.deepEqual([producerWaits, chunksProduced, chunksDelivered], [1, 4, 0]);
    await closed(stream.destroy());
  });

  it('lets the thread fill what is taken: less than half of the slots stays empty', async () => {
    const stream = createPatternStream({ seed: 6, slots: 4, slotSize: 1000 });
    const reader = new PatternReader(6);
    await parked(stream);
    for (let taken = 1; taken <= 50; taken++) {
      // Null when it is the event loop's turn: then the chunk is there in the next.
      const chunk = (stream.read() ?? (await turn(), stream.read())) as Buffer | null;
      assert.ok(chunk);
      reader.take(chunk);
      // The thread is woken for two at once, at the latest: one may wait for the next.
      await until(() => stream.stats().slotsReady >= 3);
      const { chunksProduced, chunksDelivered } = stream.stats();
      assert.ok(chunksProduced >= chunksDelivered + 3 && chunksProduced <= chunksDelivered + 4);
      // One may wait in the Readable's queue.
      assert.ok(chunksDelivered <= taken + 1);
    }
    reader.assertReached(50_000);
    await closed(stream.destroy());
  });

  it('reaches through a pipe: a destination that stops stops the thread', async () => {
    const stream = createPatternStream({ slots: 2, slotSize: 1000 });
    const callbacks: (() => void)[] = [];
    const stuck = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, callback) => void callbacks.push(callback),
    });
    stream.pipe(stuck);
    await until(() => callbacks.length === 1 && stream.stats().slotsReady === 2);
    const { chunksProduced } = stream.stats();
    for (let turns = 0; turns < 20; turns++) await turn();
    assert.equal(stream.stats().chunksProduced, chunksProduced);
    // Written, and perhaps one more in the Readable's queue; the ring; nothing else.
    assert.ok(chunksProduced <= 4);
    await closed(stream.destroy());
  });

  it('reaches through a for await loop', async () => {
    const stream = createPatternStream({ slots: 2, slotSize: 1000 });
    for await (const chunk of stream) {
      assert.ok(chunk);
      await parked(stream);
      assert.ok(stream.stats().chunksProduced <= 4);
      break;
    }
  });

  if (onLinux) {
    it('costs neither memory nor processor time while a consumer stalls for three seconds', async () => {
      const slots = 8;
      const slotSize = 256 * 1024;
      // Whatever is allocated once, is allocated now.
      await closed(createPatternStream({ slots, slotSize, length: 10 * MIB }).resume());
      globalThis.gc?.();
      await noThreadIsKept();
      const others = threads();
      const { arrayBuffers } = process.memoryUsage();
      const stream = createPatternStream({ slots, slotSize });
      const reader = new PatternReader(0);
      stream.on('data', (chunk: Buffer) => {
        reader.take(chunk);
        stream.pause();
      });
      await until(() => reader.offset > 0);
      await parked(stream);
      const [thread] = threads().filter((id) => !others.includes(id)) as [string];

      const memory = process.memoryUsage().arrayBuffers - arrayBuffers;
      globalThis.gc?.();
      const rssBefore = process.memoryUsage.rss();
      const cpuBefore = cpuTime(thread);
      const { producerWaitNs } = stream.stats();
      await passes(3000);
      const stalled = stream.stats().producerWaitNs - producerWaitNs;
      const busy = cpuTime(thread) - cpuBefore;
      const grown = process.memoryUsage.rss() - rssBefore;

      assert.ok(stalled > 2.9e9, `waited ${stalled} ns`);
      assert.ok(busy < stalled / 100, `ran ${busy} ns`);
      assert.ok(memory < slots * slotSize + MIB, `has ${memory} bytes`);
      // Node itself may take some; what is produced in that time is thousands of times as much.
      assert.ok(grown < slots * slotSize + 2 * MIB, `grew by ${grown} bytes`);
      assert.ok(reader.offset <= slotSize);

      stream.removeAllListeners('data').on('data', (chunk: Buffer) => {
        reader.take(chunk);
        if (reader.offset > 20 * MIB) stream.destroy();
      });
      stream.resume();
      await closed(stream);
      reader.assertReached(reader.offset);
    });
  }
});

/** stats(): numbers that agree with each other at every moment. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream, createReadStream, type Stats } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, parked, turn, until } from '../helpers/waiting';

const COUNTERS = [
  'bytesProduced',
  'chunksProduced',
  'bytesDelivered',
  'chunksDelivered',
  'producerWaits',
  'producerWaitNs',
  'wakeups',
  'droppedChunks',
  'lostFiles',
  'droppedBytes',
  'uncountedLosses',
  'truncated',
] as const;

/** What holds for every snapshot, and against one taken before. */
function assertSound(stats: Stats, before?: Stats): void {
  for (const [name, value] of Object.entries(stats)) assert.ok(Number.isSafeInteger(value) && value >= 0, name);
  assert.equal(stats.slotsFree + stats.slotsReady + stats.slotsLent, stats.slots);
  assert.ok(stats.bytesProduced >= stats.bytesDelivered);
  assert.ok(stats.chunksProduced >= stats.chunksDelivered);
  assert.ok(stats.bytesProduced <= stats.chunksProduced * stats.slotSize);
  assert.ok(stats.chunksProduced - stats.chunksDelivered <= stats.slots);
  assert.deepEqual([stats.droppedBytes, stats.droppedChunks, stats.uncountedLosses], [0, 0, 0]);
  for (const name of COUNTERS) assert.ok(!before || stats[name] >= before[name], name);
}

describe('stats()', () => {
  const folder = temporaryFolder();

  it('has these numbers, and no others', () => {
    const stream = createPatternStream();
    assert.deepEqual(
      Object.keys(stream.stats()).sort(),
      [...COUNTERS, 'slotSize', 'slots', 'slotsFree', 'slotsLent', 'slotsReady'].sort(),
    );
    assert.ok(Object.values(stream.stats()).every((value) => typeof value === 'number'));
    stream.destroy();
  });

  it('is all zeros, and all slots free, just after creation', () => {
    const stream = createPatternStream({ slots: 5, slotSize: 77 });
    const { slots, slotSize, slotsFree, ...rest } = stream.stats();
    assert.deepEqual([slots, slotSize, slotsFree], [5, 77, 5]);
    assert.ok(Object.values(rest).every((value) => value === 0));
    stream.destroy();
  });

  it('agrees with itself at random moments, and never goes back', async () => {
    for (const slots of [1, 2, 8]) {
      const stream = createPatternStream({ slots, slotSize: 500, length: 300_001 });
      let before = stream.stats();
      const check = (): void => {
        const stats = stream.stats();
        assertSound(stats, before);
        before = stats;
      };
      let random = slots;
      for await (const chunk of stream) {
        assert.ok(chunk);
        random = (random * 48_271) % 2_147_483_647;
        check();
        if (random % 5 === 0) await turn();
        if (random % 50 === 0) await parked(stream);
        check();
      }
      check();
    }
  });

  it('counts the chunk that is being handed over', async () => {
    const stream = createPatternStream({ slotSize: 500, length: 100_000 });
    let [bytes, chunks] = [0, 0];
    let wrong = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const stats = stream.stats();
      if (stats.bytesDelivered !== bytes || stats.chunksDelivered !== ++chunks) wrong++;
    });
    await closed(stream);
    assert.equal(wrong, 0);
  });

  it('has delivered what was produced, after the end and after close', async () => {
    const stream = createReadStream(folder.fill('file', 123_456), { slots: 3, slotSize: 1000, autoClose: false });
    await once(stream.resume(), 'end');
    const ended = stream.stats();
    assertSound(ended);
    assert.deepEqual(
      [ended.bytesProduced, ended.bytesDelivered, ended.chunksProduced, ended.chunksDelivered, ended.slotsFree],
      [123_456, 123_456, 124, 124, 3],
    );
    await closed(stream.destroy());
    await turn();
    assertSound(stream.stats(), ended);
    assert.deepEqual(stream.stats(), ended);
  });

  it('stands still after the stream was destroyed in the middle', async () => {
    const stream = createPatternStream({ slots: 4, slotSize: 1000 });
    await parked(stream);
    const before = stream.stats();
    await closed(stream.destroy());
    const after = stream.stats();
    assertSound(after, before);
    for (let turns = 0; turns < 5; turns++) await turn();
    assert.deepEqual(stream.stats(), after);
  });

  it('counts waits, and the time they last, also of the one that lasts', async () => {
    const stream = createPatternStream({ slots: 1, slotSize: 10 });
    await parked(stream);
    const first = stream.stats();
    await turn();
    const second = stream.stats();
    assert.equal(second.producerWaits, 1);
    assert.ok(second.producerWaitNs > first.producerWaitNs);
    await closed(stream.destroy());
  });

  it('adds the waits up', async () => {
    const stream = createPatternStream({ slots: 1, slotSize: 10 });
    await until(() => stream.stats().producerWaitNs > 2e7);
    const { producerWaits } = stream.stats();
    assert.ok(stream.read());
    await until(() => stream.stats().producerWaits > producerWaits);
    const first = stream.stats().producerWaitNs;
    assert.ok(first > 2e7);
    // Not after a turn: a wait that is just ending stands still for as long as the thread takes to add it.
    await until(() => stream.stats().producerWaitNs > first);
    await closed(stream.destroy());
  });

  it('counts characters as the bytes they were', async () => {
    const path = folder.write('text', '€'.repeat(1000));
    const stream = createReadStream(path, { encoding: 'utf8', slotSize: 100 });
    await closed(stream.resume());
    assert.equal(stream.stats().bytesDelivered, 3000);
    assert.equal(stream.bytesRead, 3000);
  });

  it('works for a stream that failed, and for one that never started', async () => {
    const failed = createReadStream(folder.path('missing'));
    await closed(failed);
    assertSound(failed.stats());
    const never = createPatternStream();
    await closed(never.destroy());
    assertSound(never.stats());
  });
});

/** A thousand lives leave nothing behind. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { descriptors, noThreadIsKept, onLinux, threads } from '../helpers/process';
import { closed, parked, turn, until } from '../helpers/waiting';

const CYCLES = 1000;

describe('a thousand streams', () => {
  const folder = temporaryFolder();
  if (!onLinux) return;

  const options = { slots: 2, slotSize: 1000 };
  const lives: Record<string, (i: number) => Promise<void>> = {
    'that are opened, read and closed': () => closed(createReadStream(folder.path('file'), options).resume()),
    async 'that are destroyed at any moment'(i) {
      const stream: ProducerStream = createReadStream(folder.path('file'), options);
      for (let turns = 0; turns < i % 4; turns++) await turn();
      if (i % 3 === 0) stream.resume();
      await closed(stream.destroy());
    },
    async 'that are destroyed when every slot is full'() {
      const stream = createPatternStream(options);
      await parked(stream);
      await closed(stream.destroy());
    },
    'that fail': () => closed(createReadStream(folder.path('missing'))),
    async 'that are left in the middle of for await'() {
      const stream = createReadStream(folder.path('file'), options);
      for await (const chunk of stream) if (chunk) break;
      await closed(stream);
    },
    async 'that wait for a FIFO or a device'(i) {
      const stream = createReadStream(i % 2 === 0 ? '/dev/zero' : '/dev/null');
      await once(stream, 'open');
      await closed(stream.destroy());
    },
  };

  before(() => {
    folder.fill('file', 10_000);
  });

  for (const [name, live] of Object.entries(lives)) {
    it(`${name} leave the descriptors and threads exactly as before`, async () => {
      // The first ones may start what stays: libuv's threads, and the like.
      for (let i = 0; i < 20; i++) await live(i);
      const before = { descriptors: descriptors(), threads: threads() };
      for (let i = 0; i < CYCLES; i++) await live(i);
      assert.deepEqual(descriptors(), before.descriptors);
      // A joined thread is in the kernel's list for a moment longer: also in the list from before.
      await until(() => threads().every((thread) => before.threads.includes(thread)));
    });
  }

  it('at once are possible, and leave nothing either', async () => {
    await noThreadIsKept();
    const before = { descriptors: descriptors(), threads: threads() };
    const streams = Array.from({ length: 200 }, () => createReadStream(folder.path('file'), options));
    await Promise.all(streams.map((stream) => once(stream, 'open')));
    assert.equal(threads().length, before.threads.length + 200);
    assert.equal(descriptors().length, before.descriptors.length + 200);
    await Promise.all(streams.map((stream, i) => closed(i % 2 === 0 ? stream.resume() : stream.destroy())));
    assert.deepEqual(descriptors(), before.descriptors);
    await until(() => threads().length <= before.threads.length);
  });
});

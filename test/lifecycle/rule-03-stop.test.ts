/** Rule 3: however a stream stops, its thread is joined first, once. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { noThreadIsKept, onLinux, threads } from '../helpers/process';
import { closed, turn, until } from '../helpers/waiting';
import type { Left } from './fixtures/terminate-at-random';
import { askChild, repeat } from './helpers/child';
import { startNodesOwnThreads } from './helpers/threads';

const NOTHING_LEFT: Left = { codes: [1], threads: 0, descriptors: 0, mapped: true };

/** Every way in which a stream comes to its end. */
const endings: Record<string, () => ProducerStream> = {
  'it is destroyed': () =>
    createPatternStream().on('data', function (this: ProducerStream) {
      this.destroy();
    }),
  'it is destroyed with an error': () =>
    createPatternStream().once('data', function (this: ProducerStream) {
      this.destroy(new Error('on purpose'));
    }),
  'its signal is aborted': () => {
    const aborting = new AbortController();
    return createPatternStream({ signal: aborting.signal }).once('data', () => aborting.abort());
  },
  'it has ended': () => createPatternStream({ length: 1_000_000 }).resume(),
  'it has failed': () => createReadStream('/').resume(),
};

/** Destroys its stream again and again, whatever happens. */
const handlers = ['open', 'ready', 'data', 'readable', 'end', 'error', 'close'];

describe('Rule 3: however a stream stops, its thread is joined first, once', () => {
  for (const event of handlers) {
    it(`destroy() in every '${event}' event, twice, gives one 'close'`, async () => {
      const path = event === 'error' ? '/' : __filename;
      const stream = createReadStream(path, { slotSize: 512 });
      let closes = 0;
      let events = 0;
      stream.on('close', () => closes++);
      stream.on('error', () => undefined);
      if (event !== 'readable') stream.resume();
      stream.on(event, () => {
        events++;
        stream.destroy();
        stream.destroy(new Error('too late'));
      });
      await closed(stream);
      for (let turns = 0; turns < 10; turns++) await turn();
      assert.deepEqual({ closes, events }, { closes: 1, events: 1 });
    });
  }

  if (onLinux) {
    for (const [when, make] of Object.entries(endings)) {
      it(`no thread is left after 'close' when ${when}`, async () => {
        await startNodesOwnThreads();
        await noThreadIsKept();
        const before = threads().length;
        for (let times = 0; times < 10; times++) await closed(make());
        await until(() => threads().length === before);
      });
    }

    it('200 workers full of streams are terminated at random moments and leave nothing behind', async () => {
      const all = await repeat(4, (run) =>
        askChild<Left>('terminate-at-random', ['busy-streams', 50, run], { times: 50 }),
      );
      for (const left of all) assert.deepEqual(left, NOTHING_LEFT);
    });

    it('20 workers are terminated while large slots are filled, which are gone with the worker', async () => {
      const left = await askChild<Left>('terminate-at-random', ['large-slots', 20, 1], { times: 20 });
      assert.deepEqual(left, NOTHING_LEFT);
    });

    it('50 workers are terminated while they create streams and leave nothing behind', async () => {
      const options = { times: 50 };
      const left = await askChild<Left>('terminate-at-random', ['create-for-ever', 50, 1], options);
      assert.deepEqual(left, NOTHING_LEFT);
    });
  }
});

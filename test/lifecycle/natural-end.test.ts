/** Where nothing is left to do, the process, or the worker, ends by itself: when, and after which events. */
import { strict as assert } from 'node:assert';

import { tries } from '../helpers/tries';
import { askWorkers, repeat, runChild } from './helpers/child';

const RUNS = tries(20);
const HOSTS = 2;

// [what is expected, source, state, events]
const cases: [string, string, string, string[]][] = [
  ['once a file is open that nobody reads', 'file', 'opening', ['open']],
  ["after 'close' when a file flowed to its end", 'file', 'flowing', ['open', 'end', 'close']],
  ['while the ring of a file that nobody reads is full', 'file', 'full', ['open', 'full']],
  ['while a file is paused', 'file', 'paused', ['open', 'paused']],
  ["after 'close' when a file is destroyed", 'file', 'closing', ['open', 'close']],
  ['while an unref’d pattern stream opens', 'pattern', 'opening', []],
  ["after 'close' when a pattern stream flowed to its end", 'pattern', 'flowing', ['end', 'close']],
  ['while the ring of an unref’d pattern stream is full', 'pattern', 'full', ['full']],
  ['while an unref’d pattern stream is paused', 'pattern', 'paused', ['paused']],
  ["after 'close' when an unref’d pattern stream is destroyed", 'pattern', 'closing', ['close']],
];

for (const [when, source, state, events] of cases) {
  describe(`with nothing left to do ${when}`, () => {
    it('the process ends by itself', async () => {
      const stdout = events.map((event) => `${event}\n`).join('');
      const all = await repeat(RUNS, (run) => runChild('natural-end', [source, state, run]));
      for (const ended of all) assert.deepEqual(ended, { code: 0, signal: null, stdout, stderr: '' });
    });

    it('the worker ends by itself', async () => {
      const all = await repeat(HOSTS, () => askWorkers(Math.ceil(RUNS / HOSTS), 'natural-end', [source, state]));
      for (const ended of all.flat()) assert.deepEqual(ended, { code: 0, said: events });
    });
  });
}

/** Rule 10: what was filled and never delivered is freed, and nothing grows with the number of streams or chunks. */
import { strict as assert } from 'node:assert';

import { onLinux } from '../helpers/process';
import type { Growth } from './fixtures/memory';
import { askChild } from './helpers/child';

// [what is done, in the fixture's words, how often, megabytes that may stay: a leak would leave a multiple]
const cases: [string, string, number, number][] = [
  ['1,000 streams whose 2 MB were filled and never taken', 'undelivered', 1000, 200],
  ['8,000 streams of one small chunk', 'small', 8000, 8],
  ['40 workers that end with 2 MB filled and never taken', 'workers', 40, 40],
  ['a stream of 400,000 chunks', 'chunks', 400, 20],
];

/** V8's young generation is kept small: by default it grows by 17 MB with work that leaves nothing behind. */
const node = ['--expose-gc', '--max-semi-space-size=1'];

if (onLinux) {
  describe('Rule 10: nothing stays behind', () => {
    for (const [what, doing, times, limit] of cases) {
      it(`after ${what}`, async () => {
        const growth = await askChild<Growth>('memory', [doing, times], { node, times: 20 });
        assert.deepEqual([growth.threads, growth.descriptors], [0, 0]);
        assert.ok(growth.resident < limit, `${growth.resident} MB more are resident`);
        assert.ok(growth.heap < 2, `the heap is ${growth.heap} MB larger`);
        assert.ok(growth.arrayBuffers < 1, `${growth.arrayBuffers} MB of buffers are left`);
      });
    }

    it('but what a young collection finds, also when slots and their stream had become old', async () => {
      const [before, after] = await askChild<[number, number]>('young', [], { node: ['--expose-gc'] });
      assert.ok(after < before + 2 ** 16, `${before} bytes of buffers have become ${after}`);
    });
  });
}

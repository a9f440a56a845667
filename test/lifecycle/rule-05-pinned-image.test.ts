/** Rule 5: the code of the addon stays in memory when the last worker that loaded it ends. */
import { strict as assert } from 'node:assert';
import 'slipring';

import { onLinux } from '../helpers/process';
import type { Left } from './fixtures/terminate-at-random';
import { askChild } from './helpers/child';
import { loadedAddon, readSharedLibrary } from './helpers/elf';

if (onLinux) {
  describe('Rule 5: the code of the addon stays in memory', () => {
    it('the library is marked to outlive its last worker', () => {
      assert.equal(readSharedLibrary(loadedAddon()).staysMapped, true);
    });

    it('an addon that only workers load, 50 of which are terminated while it produces, is still there', async () => {
      const options = { times: 50 };
      const left = await askChild<Left>('terminate-at-random', ['busy-streams', 50, 5], options);
      assert.deepEqual(left, { codes: [1], threads: 0, descriptors: 0, mapped: true });
    });
  });
}

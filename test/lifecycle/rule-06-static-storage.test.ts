/** Rule 6: nothing of the addon is destroyed by process.exit() while its threads still run. */
import { strict as assert } from 'node:assert';
import 'slipring';

import { onLinux } from '../helpers/process';
import { tries } from '../helpers/tries';
import { repeat, runChild } from './helpers/child';
import { loadedAddon, readSharedLibrary } from './helpers/elf';

const ENDED = { code: 0, signal: null, stdout: '', stderr: '' };

describe('Rule 6: nothing is destroyed while threads still run', () => {
  if (onLinux) {
    it('the library registers no destructor but the one that every library has', () => {
      const addon = loadedAddon();
      const { constructors, destructors, imports } = readSharedLibrary(addon);
      assert.ok(constructors <= 1 && destructors <= 1, `${constructors} constructors, ${destructors} destructors`);
      // A prebuilt binary has the C++ library inside, which would call it for a std::future. There is none.
      if (addon.includes('prebuilds')) return;
      const atExit = imports.filter((name) => name.includes('atexit') && name !== '__cxa_finalize');
      assert.deepEqual(atExit, []);
    });
  }

  it('process.exit() at random moments while streams produce gives exit code 0', async () => {
    const all = await repeat(tries(200), (run) => runChild('exit-at-random', [run]));
    for (const ended of all) assert.deepEqual(ended, ENDED);
  });

  it('process.exit() in the main thread while workers produce gives exit code 0', async () => {
    for (const ended of await repeat(tries(20), (run) => runChild('exit-at-random', [run, 'workers']))) {
      assert.deepEqual(ended, ENDED);
    }
  });
});

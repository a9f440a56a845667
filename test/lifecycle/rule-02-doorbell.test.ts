/** Rule 2: the doorbell never blocks the thread that rings it, and is not rung once it is gone. */
import { strict as assert } from 'node:assert';
import { createPatternStream } from 'slipring';

import { onLinux } from '../helpers/process';
import { tries } from '../helpers/tries';
import { closed } from '../helpers/waiting';
import type { Left } from './fixtures/terminate-at-random';
import { askChild, repeat, runChild } from './helpers/child';

describe('Rule 2: the doorbell does not block, and is not rung once it is gone', () => {
  it('the thread fills every slot and rings once while the event loop is blocked', async () => {
    const stream = createPatternStream({ slots: 64, slotSize: 1024 });
    // The thread is started in the next tick; by the one after that nothing can have heard it.
    await new Promise<void>((resolve) => {
      process.nextTick(() => process.nextTick(resolve));
    });
    while (stream.stats().slotsReady < 64);
    assert.equal(stream.stats().wakeups, 1);
    stream.destroy();
    await closed(stream);
  });

  it('a process ends while the threads of 32 streams ring', async () => {
    for (const ended of await repeat(tries(20), (run) => runChild('ringing', [run]))) {
      assert.deepEqual(ended, { code: 0, signal: null, stdout: '', stderr: '' });
    }
  });

  if (onLinux) {
    it('a worker is terminated while the rings of its streams wait to be heard', async () => {
      const left = await askChild<Left>('terminate-at-random', ['deaf', 20, 2], { times: 20 });
      assert.deepEqual(left, { codes: [1], threads: 0, descriptors: 0, mapped: true });
    });
  }
});

/** Rule 4: what thread and stream share lives as long as either needs it, and not longer. */
import { strict as assert } from 'node:assert';
import { createPatternStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed } from '../helpers/waiting';
import type { Forgotten } from './fixtures/forgotten';
import { askChild } from './helpers/child';

describe('Rule 4: what thread and stream share lives as long as either needs it', () => {
  it('a closed stream still has its counters', async () => {
    const stream = createPatternStream({ slotSize: 1000, length: 10_000 }).resume();
    await closed(stream);
    const { bytesProduced, chunksDelivered } = stream.stats();
    assert.deepEqual({ bytesProduced, chunksDelivered }, { bytesProduced: 10_000, chunksDelivered: 10 });
  });

  if (!onLinux) return;
  const folder = temporaryFolder();

  for (const [life, what] of Object.entries({
    'pattern flowing': 'stream that gave data',
    'device unstarted': 'device stream that was just created',
    'device unopened': 'device stream that was not open yet',
    'device with messages': 'device stream that gave small messages',
  })) {
    it(`a ${what} is collected with its memory when it was destroyed, and one that runs is not`, async () => {
      const options = { node: ['--expose-gc'], times: 5 };
      const forgotten = await askChild<Forgotten>('forgotten', [life, folder.fifo()], options);
      assert.deepEqual(forgotten, { collected: 100, megabytes: 0, threads: 0, chunks: 1000 });
    });
  }
});

/** Rule 4: what thread and stream share lives as long as either needs it, and not longer. */
import { strict as assert } from 'node:assert';
import { createPatternStream } from 'slipring';

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

  if (onLinux) {
    it('a destroyed stream is collected with its memory, and one that runs is not', async () => {
      const forgotten = await askChild<Forgotten>('forgotten', [], { node: ['--expose-gc'] });
      assert.deepEqual(forgotten, { collected: 100, megabytes: 0, threads: 0, chunks: 1000 });
    });
  }
});

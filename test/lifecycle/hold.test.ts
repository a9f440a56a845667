/** When a stream keeps the process alive: a file while somebody waits for it, others while they are open, as sockets do. */
import { strict as assert } from 'node:assert';
import { createPatternStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';
import { repeat, runChild } from './helpers/child';

const keep = {
  'pattern idle': 'a stream that waits for its source',
  'pattern unread': 'a stream that nobody reads',
  'pattern paused': 'a paused stream',
  'pattern unref unref ref': 'a stream that was unref’d twice and ref’d',
  'fifo read': 'a file stream that somebody reads and that has nothing to give',
  'device read': 'a device stream that somebody reads and that has nothing to give',
};
const letGo = {
  'pattern unref': 'an unref’d stream that waits for its source',
  'pattern unref flowing': 'an unref’d stream that flows',
  'pattern ref unref': 'a stream that was ref’d and unref’d',
  'fifo unread': 'a file stream that nobody reads',
  'fifo read unref': 'an unref’d file stream that has nothing to give',
  'device unread': 'a device stream that nobody reads',
  'device read unref': 'an unref’d device stream that has nothing to give',
};

describe('a process', () => {
  const folder = temporaryFolder();

  async function assertFires(situation: string, stdout: string): Promise<void> {
    const fifo = folder.fifo();
    const all = await repeat(2, () => runChild('hold', [situation, fifo]));
    for (const ended of all) assert.deepEqual(ended, { code: 0, signal: null, stdout, stderr: '' });
  }

  for (const [situation, what] of Object.entries(keep)) {
    it(`is kept alive by ${what}, until it is destroyed`, () => assertFires(situation, 'fired'));
  }

  for (const [situation, what] of Object.entries(letGo)) {
    it(`is not kept alive by ${what}`, () => assertFires(situation, ''));
  }
});

describe('an unref’d stream', () => {
  it('flows as long as something else keeps the process alive, though nothing else wakes it', async () => {
    const held = setInterval(() => undefined, 2 ** 30);
    try {
      // So many chunks that it would take hours if each turn waited for the next timer of mocha.
      const stream = createPatternStream({ slots: 1, slotSize: 64, length: 64 * 10_000 }).unref();
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
      await closed(stream);
      assert.equal(bytes, 64 * 10_000);
    } finally {
      clearInterval(held);
    }
  });
});

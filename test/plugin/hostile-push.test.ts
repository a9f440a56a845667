/** What a plugin that pushes does against the rules of slipring_sink. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { FAILED, run } from './helpers/hostile';
import { compile, describeWithCompiler } from './helpers/library';

describeWithCompiler('a plugin that pushes', () => {
  const folder = temporaryFolder();
  const hostile = (how: string): string => compile(folder, 'hostile-push', `-DHOW=${how}`);

  const misuses: [string, string][] = [
    ['from two threads at once', 'TWO_THREADS'],
    ['and commits what it has not acquired', 'NO_ACQUIRE'],
    ['and acquires twice', 'ACQUIRE_TWICE'],
    ['and commits more than it has acquired', 'COMMIT_TOO_LONG'],
    ['and commits records behind what it has acquired', 'COMMIT_RECORDS'],
    ['and acquires more than max_size', 'ACQUIRE_TOO_MUCH'],
    ['and acquires nothing', 'ACQUIRE_NOTHING'],
    ['and finishes between acquire and commit', 'FINISH_ACQUIRED'],
    ['from start, which does not return', 'WAITS_IN_START'],
  ];
  for (const [what, how] of misuses) {
    it(`${what} ends with ERR_SLIPRING_PLUGIN_RESULT`, async () => {
      const { events, code } = await run(hostile(how));
      assert.deepEqual({ events, code }, { events: FAILED.events, code: 'ERR_SLIPRING_PLUGIN_RESULT' });
    });
  }

  it('and fails to start ends with its error', async () => {
    assert.deepEqual(await run(hostile('FAILS_IN_START')), { ...FAILED, code: 'ENODEV' });
  });

  for (const [what, how] of [
    ['finishes twice', 'FINISH_TWICE'],
    ['goes on after finish', 'AFTER_FINISH'],
  ] as const) {
    it(`and ${what} has ended with the first one`, async () => {
      assert.deepEqual(await run(hostile(how)), { events: ['ready', 'end', 'close'], bytes: 256 });
    });
  }

  it('and calls after close is refused', async () => {
    const { events, code } = await run(hostile('AFTER_CLOSE'), 'destroy');
    assert.deepEqual([events, code], [['ready', 'close'], undefined]);
  });

  it('and writes after close, where it has acquired something, does so in memory that nobody else has', async () => {
    const { events, code } = await run(hostile('NEVER_GIVES_BACK'), 'destroy');
    assert.deepEqual([events, code], [['ready', 'close'], undefined]);
  });
});

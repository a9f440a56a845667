/** A plugin that does not return when it is told to: its stream, and its process, go on without it. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { run, type Doing, type HowItEnded } from './helpers/hostile';
import { compile, describeWithCompiler } from './helpers/library';

// The five seconds that it gets, and what a process takes besides.
const TIMES = 4;

describeWithCompiler('a plugin that never returns', () => {
  const folder = temporaryFolder();
  let runs = 0;

  function runStuck(where: string, flags: string[], what: Doing): Promise<HowItEnded> {
    const library = compile(folder, 'stuck', `-DWHERE="${where}"`, ...flags);
    return run(library, what, { times: TIMES, env: { STUCK: folder.path(`stuck-${runs++}`) } });
  }

  const places: [string, string[]][] = [
    ['open', []],
    ['read', []],
    ['wait', ['-DWAITS']],
    ['start', ['-DPUSHES']],
    ['close', ['-DENDS']],
  ];

  it('is given up when the stream is destroyed, with ERR_SLIPRING_PLUGIN_STUCK, wherever it is', async () => {
    const ends = await Promise.all(places.map(([where, flags]) => runStuck(where, flags, 'destroy-stuck')));
    for (const { events, code } of ends) {
      assert.deepEqual([events.slice(-2), code], [['error', 'close'], 'ERR_SLIPRING_PLUGIN_STUCK']);
    }
  });

  it('is given up when the process ends', async () => {
    const ends = await Promise.all(places.map(([where, flags]) => runStuck(where, flags, 'unref-stuck')));
    for (const { events } of ends) assert.ok(!events.includes('error'));
  });

  it('does not hold up process.exit()', async () => {
    const ends = await Promise.all(places.map(([where, flags]) => runStuck(where, flags, 'exit-stuck')));
    for (const { events } of ends) assert.ok(!events.includes('error'));
  });
});

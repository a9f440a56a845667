/** File systems that never answer, as a network's do when it is gone: streams, workers and processes end without them. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere } from '../helpers/where';
import { askChild, runChild } from './helpers/child';

const source = path.join(__dirname, '..', '..', '..', 'test', 'lifecycle', 'fixtures', 'silent-fuse.c');
const canMount = existsSync('/dev/fuse') && process.getuid?.() === 0;

/** The five seconds of patience, and what a process takes besides. */
const TIMES = 4;

const cases = [
  ['file', 'open'],
  ['file', 'read'],
  ['given descriptor', 'read'],
  ['follow', 'open'],
  ['follow', 'read'],
  ['device', 'open'],
  ['device', 'read'],
] as const;

describeWhere(canMount, 'only root can mount a file system of its own, where there is FUSE')(
  'a hung file system',
  () => {
    const folder = temporaryFolder();
    let count = 0;

    before(() => {
      execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', folder.path('silent-fuse'), source]);
    });

    /** What runs the fixture beside a file system that is silent when its file is opened or read, and the fixture's arguments. */
    function hung(from: string, where: string, what: string): { args: string[]; via: string[] } {
      const [point, mark] = [folder.path(`mounted-${++count}`), folder.path(`mark-${count}`)];
      mkdirSync(point);
      return {
        args: [from, what, path.join(point, 'file'), mark],
        via: [folder.path('silent-fuse'), point, where, mark],
      };
    }

    it('is given up when the stream is destroyed, with ERR_SLIPRING_STUCK', async () => {
      await Promise.all(
        cases.map(async ([from, where]) => {
          const { args, via } = hung(from, where, 'destroy');
          const told = await askChild('hung', args, { via, times: TIMES });
          assert.deepEqual(told, ['ERR_SLIPRING_STUCK', 'close'], `${from}, ${where}`);
        }),
      );
    });

    it('is given up when a worker is terminated', async () => {
      await Promise.all(
        cases.map(async ([from, where]) => {
          const { args, via } = hung(from, where, 'terminate');
          const told = await askChild('hung', args, { via, times: TIMES });
          assert.deepEqual(told, ['terminated with 1'], `${from}, ${where}`);
        }),
      );
    });

    it('does not hold up process.exit()', async () => {
      await Promise.all(
        cases.map(async ([from, where]) => {
          const { args, via } = hung(from, where, 'exit');
          const { code, signal, stderr } = await runChild('hung', args, { via });
          assert.deepEqual([code, signal, stderr], [0, null, ''], `${from}, ${where}`);
        }),
      );
    });
  },
);

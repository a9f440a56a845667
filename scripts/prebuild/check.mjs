// Looks into the binaries in prebuilds/: whether each is for the machine that its name says, asks for nothing that some
// such machine may lack, gives away nothing but its entry, and has no path of who built it inside.
//
//   node scripts/prebuild/check.mjs             what is there, one at least
//   node scripts/prebuild/check.mjs NAME...     these, of targets.mjs, which must be there; --all: every one
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { root } from '../files.mjs';
import { fileOf, targets } from './targets.mjs';
import { llvm } from './toolchains.mjs';

const LARGEST = 768 * 1024;
const NEWEST_GLIBC = 28; // 2.28
const ENTRY = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

const formats = {
  linux: { x64: 'elf64-x86-64', arm64: 'elf64-littleaarch64' },
  darwin: { x64: 'Mach-O 64-bit x86-64', arm64: 'Mach-O arm64' },
  win32: { x64: 'COFF-x86-64' },
};
// What every machine of the kind has. musl's loader takes libc.so for itself.
const libraries = {
  glibc: /^(lib(c|m|dl|pthread|rt)\.so\.\d|ld-linux-[\w-]+\.so\.\d)$/,
  musl: /^libc\.so$/,
  darwin: /^(\/usr\/lib\/lib(System\.B|c\+\+\.1)\.dylib|@rpath\/slipring\.node|slipring\.node)$/, // also its own name
  win32: /^(KERNEL32\.dll|msvcrt\.dll|NODE\.EXE)$/i,
};

function read(tool, ...args) {
  const { status, stdout, stderr, error } = spawnSync(llvm(tool), args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(error?.message ?? stderr);
  return stdout;
}

const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);

function exported({ platform }, file) {
  if (platform === 'win32') return all(read('llvm-readobj', '--coff-exports', file), /^ +Name: (.*)$/gm);
  const dynamic = platform === 'linux' ? ['--dynamic'] : [];
  const lines = read('llvm-nm', ...dynamic, '--defined-only', '--extern-only', '--format=just-symbols', file);
  return lines
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => (platform === 'darwin' ? name.slice(1) : name));
}

function needed({ platform }, file) {
  if (platform === 'win32') {
    return all(read('llvm-readobj', '--coff-imports', file), /Import \{\n +Name: (.*)$/gm);
  }
  const list = /NeededLibraries \[\n([^\]]*)\]/.exec(read('llvm-readobj', '--needed-libs', file))?.[1] ?? '';
  return list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is wrong with the target's binary. */
function* problems(target) {
  const { platform, arch, libc } = target;
  const file = join(root, fileOf(target));
  if (!existsSync(file)) return void (yield 'is not there');
  const { size } = statSync(file);
  if (size > LARGEST) yield `has ${size} bytes`;
  const headers = read('llvm-readobj', '--file-headers', file);
  const format = /^Format: (.*)$/m.exec(headers)?.[1];
  if (format !== formats[platform][arch]) yield `is for ${format}`;
  // zig's linker for Mach-O exports its C++ library, too. On macOS, where releases are made, Apple's does not.
  const others =
    platform === 'darwin' && process.platform !== 'darwin'
      ? []
      : exported(target, file).filter((name) => !ENTRY.includes(name));
  if (others.length > 0) yield `exports ${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and more' : ''}`;
  for (const name of ENTRY) if (!exported(target, file).includes(name)) yield `does not export ${name}`;
  const strange = needed(target, file).filter((name) => !libraries[libc ?? platform].test(name));
  if (strange.length > 0) yield `needs ${strange.join(', ')}`;
  if (platform === 'linux') {
    const versions = read('llvm-readobj', '--version-info', file);
    const newest = Math.max(0, ...all(versions, /GLIBC_2\.(\d+)/g).map(Number));
    if (newest > (libc === 'glibc' ? NEWEST_GLIBC : 0)) yield `needs glibc 2.${newest}`;
    if (/(GLIBCXX|CXXABI|GCC)_\d/.test(versions)) yield 'needs the C++ library of a compiler';
    if (/Section \{[^}]*Name: \.symtab/.test(read('llvm-readobj', '--sections', file))) yield 'is not stripped';
  }
  const bytes = readFileSync(file).toString('latin1');
  for (const path of [root, homedir()]) {
    if (path.length > 1 && bytes.includes(path)) yield `has a path of who built it inside: ${path}`;
  }
}

const asked = process.argv.slice(2);
const every = Object.keys(targets);
const present = every.filter((name) => existsSync(join(root, fileOf(targets[name]))));
const names = asked.includes('--all') ? every : asked.length > 0 ? asked : present;
if (names.length === 0) throw new Error('There is nothing in prebuilds/: npm run prebuild');
let wrong = 0;
for (const name of names) {
  const found = [...problems(targets[name])];
  wrong += found.length;
  const verdict =
    found.length === 0
      ? `fine, needs ${needed(targets[name], join(root, fileOf(targets[name]))).join(', ')}`
      : found.join('; ');
  console.log(`${name}: ${verdict}`);
}
if (wrong > 0) process.exitCode = 1;

// Compiles THE_SOURCE into build/my-source.so. The compiler is THE_COMPILER, or what THE_COMPILER_VARIABLE says;
// THE_FLAGS_VARIABLE and LDFLAGS are added, as with make.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { include } from 'slipring';

// What the source needs beside the standard library: '-lasound', for example.
const libraries = [];

const words = (text = '') => text.split(/\s+/).filter((word) => word !== '');
const [compiler, ...wrapped] = words(process.env.THE_COMPILER_VARIABLE || 'THE_COMPILER');
const flags = [
  ...wrapped,
  ...['-std=THE_STANDARD', '-O2', '-g', '-Wall', '-Wextra'],
  ...['-shared', '-fPIC', '-pthread', '-fvisibility=hidden', '-I', include],
  ...words(process.env.THE_FLAGS_VARIABLE),
  ...['-o', 'build/my-source.so', 'THE_SOURCE'],
  ...words(process.env.LDFLAGS),
  ...libraries,
];

mkdirSync(new URL('build', import.meta.url), { recursive: true });
const { error, status } = spawnSync(compiler, flags, { cwd: import.meta.dirname, stdio: 'inherit' });
if (error && error.code !== 'ENOENT') throw error;
if (error) {
  console.error(`${compiler} was not found. Install a compiler for THE_LANGUAGE, or set THE_COMPILER_VARIABLE.`);
  console.error('Debian and Ubuntu: apt install THE_COMPILER_PACKAGE. macOS: xcode-select --install.');
}
process.exitCode = status ?? 1;

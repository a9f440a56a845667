/** Compiles the C programs and the plugins of bench/native, once. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { include } from 'slipring';

const SOURCES = path.join(import.meta.dirname, '../native');
const PROGRAMS = path.join(import.meta.dirname, '../../.cache/bench');
// As the addon's own release build.
const FLAGS = ['-O3', '-Wall', '-Wextra'];

const SHARED = ['-shared', '-fPIC', '-pthread', '-I', include];

function newest(files) {
  return Math.max(...files.map((file) => fs.statSync(path.join(SOURCES, file)).mtimeMs));
}

/** The directory with the plugins. */
export function buildPlugins() {
  const folder = path.join(PROGRAMS, 'plugins');
  fs.mkdirSync(folder, { recursive: true });
  for (const file of fs.readdirSync(path.join(SOURCES, 'plugins'))) {
    const library = path.join(folder, `${path.parse(file).name}.so`);
    execFileSync(process.env.CC ?? 'cc', [...FLAGS, ...SHARED, '-o', library, path.join(SOURCES, 'plugins', file)]);
  }
  return folder;
}

/** The directory with the programs, or undefined when there is no C compiler. */
export function buildPrograms() {
  const files = fs.readdirSync(SOURCES);
  const changed = newest(files);
  fs.mkdirSync(PROGRAMS, { recursive: true });
  try {
    for (const file of files.filter((name) => name.endsWith('.c'))) {
      const program = path.join(PROGRAMS, path.parse(file).name);
      if (fs.existsSync(program) && fs.statSync(program).mtimeMs > changed) continue;
      execFileSync(process.env.CC ?? 'cc', [...FLAGS, '-o', program, path.join(SOURCES, file)], { stdio: 'inherit' });
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
  return PROGRAMS;
}

/** Whether the system has a program of that name. */
export function hasProgram(name) {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  return directories.some((directory) => fs.existsSync(path.join(directory, name)));
}

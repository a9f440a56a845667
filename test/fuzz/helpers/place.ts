/** What is there for all sequences of a process: files of known bytes, FIFOs, plugins. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { makeFifos } from '../../helpers/fifo';
import { TEXT } from './content';

export interface Place {
  folder: string;
  fifos: string[];
  /** Where `build` has put the libraries. */
  plugins: string;
}

export const FILE_SIZES = [0, 1, 17, 1000, 65_536, 300_001];

const FIFOS = 16;

export function fileOf(place: Place, size: number): string {
  return path.join(place.folder, `file-${size}`);
}

export function makePlace(folder: string, plugins: string): Place {
  const place: Place = { folder, fifos: [], plugins };
  for (const size of FILE_SIZES) writeFileSync(fileOf(place, size), TEXT.subarray(0, size));
  if (process.platform !== 'win32') {
    place.fifos = makeFifos(Array.from({ length: FIFOS }, (_, i) => path.join(folder, `fifo-${i}`)));
  }
  return place;
}

/** A part of the place, for a worker that does the same at the same time. */
export function partOf(place: Place): Place {
  const folder = path.join(place.folder, 'worker');
  mkdirSync(folder, { recursive: true });
  for (const size of FILE_SIZES) writeFileSync(fileOf({ ...place, folder }, size), TEXT.subarray(0, size));
  return { ...place, folder, fifos: place.fifos.splice(FIFOS / 2) };
}

const sources = path.join(__dirname, '..', '..', '..', '..', 'test', 'plugin', 'fixtures');

/** The plugins of test/plugin/fixtures that take part, as `name: flags`. */
const PLUGINS: Record<string, string[]> = {
  pattern: [],
  push: [],
  failing: ['-DFAILS_IN_READ', '-DNUMBER=5', '-DSYSCALL="read"'],
  slow: [],
  'no-symbol': [],
};

export function libraryOf(place: Place, name: string): string {
  return path.join(place.plugins, `${name}.so`);
}

/** Whether `name` could be compiled. */
export function hasPlugin(place: Place, name: string): boolean {
  return existsSync(libraryOf(place, name));
}

/** Compiles the plugins into `folder`; `include` is where their headers are. Without a compiler there are none. */
export function buildPlugins(folder: string, include: string): void {
  const how = ['-std=gnu11', '-O1', '-g', '-fvisibility=hidden', '-fPIC', '-pthread', '-shared', '-I', include];
  try {
    for (const [name, flags] of Object.entries(PLUGINS)) {
      const out = path.join(folder, `${name}.so`);
      execFileSync('cc', [...how, ...flags, '-o', out, path.join(sources, `${name}.c`)], { stdio: 'ignore' });
    }
    const node = ['-DNAPI_VERSION=8', '-I', path.join(path.dirname(require.resolve('node-api-headers')), 'include')];
    const out = path.join(folder, 'addon.node');
    execFileSync('cc', [...how, ...node, '-o', out, path.join(sources, 'addon.c')], { stdio: 'ignore' });
  } catch {
    console.log('There is no cc: plugins take no part.');
  }
}

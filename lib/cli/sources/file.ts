/** Files, and what turns out to be none: the standard input may be anything, and so may a path. */
import { fstatSync, statSync, type Stats } from 'node:fs';

import { createReadStream } from '../../sources/file';
import { openDevice } from './device';
import { opened, type Source, type SourceOptions, unreadable } from './source';

/** What has an end, and bytes at places. */
const isStored = (stats: Stats): boolean => stats.isFile() || stats.isBlockDevice();

function statOf(name: string, stat: () => Stats): Stats {
  try {
    return stat();
  } catch (error) {
    throw unreadable(name, error);
  }
}

function facts(stats: Stats): Pick<Source, 'total' | 'file'> {
  if (!stats.isFile()) return {};
  // The files of /proc say that they are empty.
  return { total: stats.size > 0 ? stats.size : undefined, file: { dev: stats.dev, ino: stats.ino } };
}

export function openFile(path: string, options: SourceOptions): Promise<Source> {
  const stats = statOf(path, () => statSync(path));
  if (!isStored(stats) && !stats.isDirectory()) return openDevice(path, path, options);
  return opened({ name: path, stream: createReadStream(path, options), ...facts(stats) }, 'ready');
}

export function openStandardInput(options: SourceOptions): Promise<Source> {
  const name = 'the standard input';
  const stats = statOf(name, () => fstatSync(0));
  if (!isStored(stats)) return openDevice(name, 0, options);
  const stream = createReadStream(null, { ...options, fd: 0, autoClose: false });
  stream.on('error', () => undefined);
  return Promise.resolve({ name, stream, ...facts(stats) });
}

/** The options of file streams, and their checks. */
import type { EventEmitter } from 'node:events';
import type { FileHandle } from 'node:fs/promises';

import { invalidArgType } from '../errors';
import { resolvePath, validateBoolean, validateInteger } from '../options';
import type { RecordStreamOptions } from '../records';
import { type Beginning, type BeginningOptions, resolveBeginning } from './beginning';

/** The options of {@link createReadStream}: those of `fs.createReadStream`, and those of every stream. */
export interface ReadStreamOptions extends RecordStreamOptions, BeginningOptions {
  /**
   * As for `fs.open()`.
   * @defaultValue 'r'
   */
  flags?: string | number | undefined;
  /** Reads from this open file instead of opening `path`. */
  fd?: number | FileHandle | null | undefined;
  /**
   * Permissions of a file that `flags` create.
   * @defaultValue 0o666
   */
  mode?: number | string | undefined;
  /**
   * Offset of the last byte to read, in bytes: inclusive.
   * @defaultValue Infinity
   */
  end?: number | undefined;
  /**
   * Does not end at the end of a regular file, but waits for more, and goes on with the files that take its place at `path`,
   * as `tail -F` does, until `end` is reached or the stream is destroyed. What is lost is told by `'gap'` events. See README.
   * @defaultValue false
   */
  follow?: boolean | undefined;
  /**
   * Whether what is read stays in the system's page cache. With `false` it does not, unless it was there before: reading a
   * large file once pushes nothing out that other programs need. On Linux only, for files on a disk. See README.
   * @defaultValue true
   */
  cache?: boolean | undefined;
}

export interface ResolvedReadStreamOptions {
  path: string | Buffer | undefined;
  fd: number | FileHandle | undefined;
  flags: string | number;
  mode: string | number;
  beginning: Beginning;
  end: number;
  follow: boolean;
  cache: boolean;
}

/** Node does not export the class, and its FileHandles are no instances of EventEmitter. */
export function isFileHandle(value: unknown): value is FileHandle & EventEmitter {
  if (typeof value !== 'object' || value === null) return false;
  const { fd, close, on } = value as Partial<FileHandle & EventEmitter>;
  return typeof fd === 'number' && typeof close === 'function' && typeof on === 'function';
}

function resolveDescriptor(fd: unknown): number | FileHandle | undefined {
  if (fd === undefined || fd === null) return undefined;
  if (isFileHandle(fd)) return fd;
  if (typeof fd !== 'number') throw invalidArgType('options.fd', 'of type number or an instance of FileHandle', fd);
  return validateInteger(fd, 'fd', 0, 2 ** 31 - 1);
}

export function resolveFile(path: unknown, options: ReadStreamOptions): ResolvedReadStreamOptions {
  const { follow = false, cache = true } = options;
  // null too, as in node:fs.
  const flags = options.flags ?? 'r';
  const mode = options.mode ?? 0o666;
  const fd = resolveDescriptor(options.fd);
  const end = options.end ?? Infinity;
  validateBoolean(follow, 'options.follow');
  validateBoolean(cache, 'options.cache');
  if (end !== Infinity) validateInteger(end, 'end', 0);
  const beginning = resolveBeginning(options, follow, fd === undefined, end);
  const which = fd === undefined ? resolvePath(path, 'path') : undefined;
  return { path: which, fd, flags, mode, beginning, end, follow, cache };
}

import type { EventEmitter } from 'node:events';
import fs, { type PathLike } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { finished } from 'node:stream';

import { filesLost, invalidArgType, outOfRange, sourceFailed, type NativeFailure } from '../errors';
import {
  lastingPath,
  optionsObject,
  pathForSystem,
  resolvePath,
  PLAIN,
  resolveStreamOptions,
  validateBoolean,
  validateInteger,
  type ResolvedStreamOptions,
} from '../options';
import type { Access } from '../permission';
import { recordSlotSize, type RecordStreamOptions, resolveFraming } from '../records';
import { ByteStream } from '../stream';
import { ORDINARY, PATIENCE, type Source, type SourceOptions } from '../ring';
import { mayWrite, parseFlags, parseMode } from './open-flags';

/** The options of {@link createReadStream}: those of `fs.createReadStream`, and those of every stream. */
export interface ReadStreamOptions extends RecordStreamOptions {
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
  /** Offset of the first byte to read, in bytes. By default the file is read from its current position. */
  start?: number | undefined;
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

interface ResolvedReadStreamOptions {
  path: string | Buffer | undefined;
  fd: number | FileHandle | undefined;
  flags: string | number;
  mode: string | number;
  start: number | undefined;
  end: number;
  follow: boolean;
  cache: boolean;
}

/** Node does not export the class, and its FileHandles are no instances of EventEmitter. */
function isFileHandle(value: unknown): value is FileHandle & EventEmitter {
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

function resolve(path: unknown, options: ReadStreamOptions): ResolvedReadStreamOptions {
  const { start, follow = false, cache = true } = options;
  // null too, as in node:fs.
  const flags = options.flags ?? 'r';
  const mode = options.mode ?? 0o666;
  const fd = resolveDescriptor(options.fd);
  const end = options.end ?? Infinity;
  validateBoolean(follow, 'options.follow');
  validateBoolean(cache, 'options.cache');
  if (start !== undefined) validateInteger(start, 'start', 0);
  if (end !== Infinity) validateInteger(end, 'end', 0);
  if (start !== undefined && start > end) throw outOfRange('start', `<= "end" (here: ${end})`, start);
  return { path: fd === undefined ? resolvePath(path, 'path') : undefined, fd, flags, mode, start, end, follow, cache };
}

function fileSource(resolved: ResolvedReadStreamOptions, { autoClose }: ResolvedStreamOptions): Source {
  const { path, fd, flags, mode, start, end, follow, cache } = resolved;
  // A descriptor that was given is closed as it was opened, through node:fs, which keeps count of them (Rule 8).
  const options: SourceOptions = { owned: autoClose && typeof fd !== 'number' ? 1 : 0 };
  const access: Access[] = [];
  if (path !== undefined) {
    // Other files come to the path later, when the process may be in another folder.
    const file = follow ? lastingPath(pathForSystem(path)) : pathForSystem(path);
    const how = parseFlags(flags);
    Object.assign(options, { path: file, flags: how, mode: parseMode(mode) });
    access.push({ scope: 'fs.read', file, resource: path.toString() });
    if (mayWrite(how)) access.push({ scope: 'fs.write', file, resource: path.toString() });
  } else if (typeof fd === 'number') {
    options.fd = fd;
  } else {
    // The handle may be closed while the thread reads. Its own descriptor keeps it from reading what is opened next.
    Object.assign(options, { fd: (fd as FileHandle).fd, duplicate: 1 });
  }
  if (start !== undefined) options.start = start;
  if (end !== Infinity) options.length = end - (start ?? 0) + 1;
  if (!cache) options.cache = 0;
  return {
    ...ORDINARY,
    name: follow ? 'follow' : 'file',
    options,
    access,
    keepsAlive: 'while reading',
    mayLose: follow,
    patience: PATIENCE,
  };
}

/** What {@link createReadStream} returns: a `ByteStream` with the properties of `fs.ReadStream`. */
export class ReadStream extends ByteStream {
  /** What was given as `path`, URLs decoded; undefined when `fd` was given. */
  readonly path: string | Buffer | undefined;
  /** As it was given, or `'r'`. */
  readonly flags: string | number;
  /** As it was given, or `0o666`. */
  readonly mode: string | number;
  /** Offset of the first byte that is read; undefined when that is the file's current position. */
  readonly start: number | undefined;
  /** Offset of the last byte that is read; Infinity when all are. */
  readonly end: number;
  /**
   * The descriptor of the open file; null before `'open'`, and when the file was closed. With `follow` it is that of the file
   * being read: it keeps its number.
   */
  fd: number | null;
  /** Whether the stream closes the file when it ends or fails. */
  readonly autoClose: boolean;
  readonly #handle: FileHandle | undefined;

  /** @internal Use `createReadStream`. */
  constructor(path: unknown, options: ReadStreamOptions) {
    const common = resolveStreamOptions(options, {
      ...PLAIN,
      mayLose: options.follow === true,
      defaultSlotSize: recordSlotSize(options, PLAIN.defaultSlotSize),
    });
    const resolved = resolve(path, options);
    // What is not kept in the cache is to be read in pieces as large as the groups of pages that are dropped.
    const choosesSize = common.choosesSize && resolved.cache;
    super({ ...fileSource(resolved, common), framing: resolveFraming(options, common) }, { ...common, choosesSize });
    this.path = resolved.path;
    this.flags = resolved.flags;
    this.mode = resolved.mode;
    this.start = resolved.start;
    this.end = resolved.end;
    this.autoClose = common.autoClose;
    const { fd } = resolved;
    if (isFileHandle(fd)) {
      this.#handle = fd;
      this.fd = fd.fd;
      closeWith(this, fd);
    } else {
      this.fd = typeof fd === 'number' ? fd : null;
    }
  }

  /** Bytes handed to the consumer so far. */
  get bytesRead(): number {
    return this.bytesDelivered;
  }

  /** Whether the file is still to be opened: true until `'ready'`. */
  get pending(): boolean {
    return this.fd === null;
  }

  /** Closes the file and ends the stream, as `destroy()` does. `callback` is called when the file is closed. */
  close(callback?: (error?: Error | null) => void): void {
    if (callback) finished(this as NodeJS.ReadableStream, callback);
    this.destroy();
  }

  protected override onOpen(descriptor: number): void {
    if (this.fd !== null) return; // given, not opened: Node announces only what it opened itself
    this.fd = descriptor;
    this.emit('open', descriptor);
    this.emit('ready');
  }

  protected override toError(failure: NativeFailure): Error {
    if (failure.overflowed) return filesLost(this.path);
    return sourceFailed(failure, failure.syscall === 'open' ? this.path : undefined);
  }

  protected override afterStop(descriptor: number | undefined, callback: (error?: Error | null) => void): void {
    const given = this.fd;
    this.fd = null;
    if (this.#handle) {
      if (!this.autoClose) return callback();
      this.#handle.close().then(() => callback(), callback);
    } else if (this.path === undefined && this.autoClose && given !== null) {
      fs.close(given, callback);
    } else if (this.path !== undefined && !this.autoClose && descriptor !== undefined) {
      // Opened here and left open at the end, as asked; but who destroys the stream is done with the file.
      fs.close(descriptor, callback);
    } else {
      callback();
    }
  }
}

/** Closes the stream when its handle is closed. */
function closeWith(stream: ReadStream, handle: FileHandle & EventEmitter): void {
  try {
    handle.on('close', () => {
      stream.close();
    });
  } catch (error) {
    stream.destroy(); // a listener of the handle's threw: nobody gets this stream
    throw error;
  }
}

// Taken now: an application may put createReadStream into node:fs, and there must be no way back to us.
const NodeReadStream = fs.ReadStream;

/**
 * Reads a file with a native background thread: a drop-in for `fs.createReadStream`.
 *
 * @param path - What to read. Ignored when `options.fd` is given.
 * @param options - An encoding, or the options of `fs.createReadStream` and of every slipring stream.
 *   With the `fs` option, whose functions are JavaScript, the stream is Node's own.
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE for what cannot be right. All other trouble is an
 *   `'error'` event with the `code`, `errno`, `syscall` and `path` that `node:fs` would give.
 */
export function createReadStream(
  path: PathLike | null | undefined,
  options: ReadStreamOptions & { fs: object },
): fs.ReadStream;
export function createReadStream(
  path: PathLike | null | undefined,
  options?: ReadStreamOptions | BufferEncoding | null,
): ReadStream;
export function createReadStream(
  path: PathLike | null | undefined,
  options?: ReadStreamOptions | BufferEncoding | null,
): ReadStream | fs.ReadStream {
  const given = optionsObject(options);
  if ((given as { fs?: unknown }).fs) return Reflect.construct(NodeReadStream, [path, given]) as fs.ReadStream;
  return new ReadStream(path, given);
}

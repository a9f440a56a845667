import type { EventEmitter } from 'node:events';
import fs, { type PathLike } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream';

import { filesLost, RESUME_LOST, resumeLost, sourceFailed, type NativeFailure } from '../errors';
import {
  lastingPath,
  optionsObject,
  pathForSystem,
  PLAIN,
  resolveStreamOptions,
  type ResolvedStreamOptions,
} from '../options';
import type { Access } from '../permission';
import { recordSlotSize, resolveFraming } from '../records';
import { ByteStream } from '../stream';
import { type Gap, type Notice, ORDINARY, PATIENCE, type Position, type Source, type SourceOptions } from '../ring';
import { isFileHandle, type ReadStreamOptions, type ResolvedReadStreamOptions, resolveFile } from './file-options';
import { mayWrite, parseFlags, parseMode } from './open-flags';

function fileSource(resolved: ResolvedReadStreamOptions, { autoClose }: ResolvedStreamOptions): Source {
  const { path, fd, flags, mode, beginning, end, follow, cache } = resolved;
  const { start, resume } = beginning;
  // A descriptor that was given is closed as it was opened, through node:fs, which keeps count of them (Rule 8).
  const options: SourceOptions = { ...beginning.options, owned: autoClose && typeof fd !== 'number' ? 1 : 0 };
  const access: Access[] = [];
  if (path !== undefined) {
    // Other files come to the path later, when the process may be in another folder.
    const file = follow ? lastingPath(pathForSystem(path)) : pathForSystem(path);
    const how = parseFlags(flags);
    Object.assign(options, { path: file, flags: how, mode: parseMode(mode) });
    access.push({ scope: 'fs.read', file, resource: path.toString() });
    // Other files there may be the one that is looked for.
    if (follow && resume) access.push(folderOf(file, path));
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
    wholeSlots: !cache, // they are as large as the groups of pages that are dropped
    patience: PATIENCE,
  };
}

function folderOf(file: Buffer, path: string | Buffer): Access {
  const folder = Buffer.from(dirname(file.toString('latin1')), 'latin1');
  return { scope: 'fs.read', file: folder, resource: dirname(path.toString()) };
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
  readonly #resume: Position | undefined;
  /** Why that could not be gone on with; undefined when it was told. */
  #lost: string | undefined;

  /** @internal Use `createReadStream`. */
  constructor(path: unknown, options: ReadStreamOptions) {
    const common = resolveStreamOptions(options, {
      ...PLAIN,
      mayLose: options.follow === true,
      defaultSlotSize: recordSlotSize(options, PLAIN.defaultSlotSize),
    });
    const resolved = resolveFile(path, options);
    // What is not kept in the cache is to be read in pieces as large as the groups of pages that are dropped.
    const choosesSize = common.choosesSize && resolved.cache;
    super({ ...fileSource(resolved, common), framing: resolveFraming(options, common) }, { ...common, choosesSize });
    this.path = resolved.path;
    this.flags = resolved.flags;
    this.mode = resolved.mode;
    this.start = resolved.beginning.start;
    this.#resume = resolved.beginning.resume;
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

  protected override onOpen(descriptor: number, name: string): void {
    if (name !== '') this.#lost = name;
    if (this.fd !== null) return; // given, not opened: Node announces only what it opened itself
    this.fd = descriptor;
    this.emit('open', descriptor);
    this.emit('ready');
  }

  /** The first gap of a stream that could not be resumed is what is missing of the file. */
  protected override tell(notice: Notice): void {
    const [event, what] = notice;
    if (event !== 'gap' || this.#lost === undefined) return super.tell(notice);
    const reason = this.#lost as Gap['reason'];
    this.#lost = undefined;
    super.tell([event, { ...what, reason, position: this.#resume }]);
  }

  protected override toError(failure: NativeFailure): Error {
    if (failure.errno === RESUME_LOST) return resumeLost(failure.text, this.#resume, this.path);
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

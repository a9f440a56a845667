import fs, { type PathLike } from 'node:fs';

import { sourceFailed, type NativeFailure } from '../errors';
import {
  optionsObject,
  PLAIN,
  pathForSystem,
  resolvePath,
  resolveStreamOptions,
  validateBoolean,
  validateInteger,
  type ResolvedStreamOptions,
} from '../options';
import { deviceAccess, type Access } from '../permission';
import { type LiveRecordStreamOptions, resolveFraming } from '../records';
import { ByteStream } from '../stream';
import { ORDINARY, PATIENCE, type Source, type SourceOptions } from '../ring';

/** The options of {@link createDeviceStream}. */
export interface DeviceStreamOptions extends LiveRecordStreamOptions {
  /**
   * Whether a FIFO goes on when its last writer leaves, and waits for the next one, instead of ending. It needs the
   * permission to write to the FIFO.
   * @defaultValue false
   */
  persistent?: boolean | undefined;
}

/** What a pipe holds at most by default, and more than a terminal or most devices give at once. */
const DEFAULT_SLOT_SIZE = 64 * 1024;

/** Those of stdin, stdout and stderr are never closed: others in the process believe that they are there. */
const LAST_STANDARD_DESCRIPTOR = 2;

/** What {@link createDeviceStream} returns. */
export class DeviceStream extends ByteStream {
  /** What was given as path, URLs decoded; undefined when a descriptor was given. */
  readonly path: string | Buffer | undefined;
  /** The descriptor; null before `'open'` when a path was given, and after the stream was closed. */
  fd: number | null;
  readonly #closesGiven: boolean;

  /** @internal Use `createDeviceStream`. */
  constructor(pathOrFd: unknown, options: DeviceStreamOptions, common: ResolvedStreamOptions) {
    const { persistent = false } = options;
    const native: SourceOptions = { persistent: validateBoolean(persistent, 'options.persistent') ? 1 : 0 };
    const isDescriptor = typeof pathOrFd === 'number';
    const fd = isDescriptor ? validateInteger(pathOrFd, 'pathOrFd', 0, 2 ** 31 - 1) : null;
    const path = isDescriptor ? undefined : resolvePath(pathOrFd, 'pathOrFd');
    let access: Access[] = [];
    if (path === undefined) {
      native.fd = fd as number;
    } else {
      native.path = pathForSystem(path);
      access = deviceAccess(native.path, path.toString());
    }
    // Some kinds lose data before it comes here, and say so: see addon/platform/live.h.
    const source: Source = {
      ...ORDINARY,
      name: 'device',
      options: native,
      access,
      keepsAlive: 'while reading',
      patience: PATIENCE,
      mayLose: true,
      framing: resolveFraming(options, common, true),
    };
    super(source, common);
    this.path = path;
    this.fd = fd;
    this.#closesGiven = fd !== null && fd > LAST_STANDARD_DESCRIPTOR && common.autoClose;
  }

  /** Bytes handed to the consumer so far. */
  get bytesRead(): number {
    return this.bytesDelivered;
  }

  /** Whether the path is still to be opened: true until `'ready'`. */
  get pending(): boolean {
    return this.fd === null;
  }

  protected override onOpen(descriptor: number): void {
    if (this.fd === null) {
      this.fd = descriptor;
      this.emit('open', descriptor);
    }
    this.emit('ready');
  }

  protected override toError(failure: NativeFailure): Error {
    return sourceFailed(failure, failure.syscall === 'read' ? undefined : this.path);
  }

  protected override afterStop(_descriptor: number | undefined, callback: (error?: Error | null) => void): void {
    const { fd } = this;
    this.fd = null;
    if (!this.#closesGiven || fd === null) return callback();
    // Not the asynchronous one: libuv's pool may be full of reads that never return, and this takes no time (Rule 8).
    try {
      fs.closeSync(fd);
      callback();
    } catch (error) {
      callback(error as Error);
    }
  }
}

/**
 * Reads whatever delivers data when it likes: a FIFO, a pipe, a terminal, a character device, a socket, stdin; a regular
 * file, too. Each chunk comes the moment it arrives; several are put together only while the consumer is behind. What
 * keeps records, such as a seqpacket socket or an input device, gives whole ones. No thread of libuv's pool is used, the
 * descriptor's flags are left as they are, and `destroy()` works at any moment.
 *
 * @param pathOrFd - A path to open, or to connect to when it is a unix socket; or a descriptor, which is closed at the end
 *   unless `autoClose` is false or it is one of the three standard ones.
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE for what cannot be right. All other trouble is an
 *   `'error'` event with the `code`, `errno`, `syscall` and `path` that `node:fs` would give; ERR_SLIPRING_OVERFLOW when
 *   `overflow` is `'strict'`; EMSGSIZE when a packet is larger than a slot.
 */
export function createDeviceStream(
  pathOrFd: PathLike | number,
  options?: DeviceStreamOptions | BufferEncoding | null,
): DeviceStream {
  const given = optionsObject(options);
  const kind = { ...PLAIN, live: true, idle: true, defaultSlotSize: DEFAULT_SLOT_SIZE };
  return new DeviceStream(pathOrFd, given, resolveStreamOptions(given, kind));
}

/** The checks of every option, and the options that every stream has. Nothing unchecked reaches native code. */
import { realpathSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute, sep, toNamespacedPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUint8Array } from 'node:util/types';

import { invalidArgType, invalidArgValue, outOfRange } from './errors';
import { pinPath } from './permission';

/** In the order of addon/core/pump/pump.h. */
export const OVERFLOWS = ['block', 'drop-oldest', 'drop-newest', 'strict'] as const;

/** What to do when the consumer is slower than the source: see {@link StreamOptions.overflow}. */
export type Overflow = (typeof OVERFLOWS)[number];

/** The options of every stream. */
export interface StreamOptions {
  /**
   * How many buffers the background thread fills ahead, 1 to 1024.
   * @defaultValue As many as 2 MiB hold, 4 to 64
   */
  slots?: number | undefined;
  /**
   * Size of each buffer, and so of the largest chunk, in bytes, 1 to 1 GiB.
   * @defaultValue 2 MiB for loops and lending pipes, less when several streams are read at a time; 64 KiB for other consumers,
   *   and with an `encoding`: large strings are slow. With `records`
   *   1 MiB at most
   */
  slotSize?: number | undefined;
  /** Another name for `slotSize`, as `node:fs` calls it. `slotSize` wins when both are given. */
  highWaterMark?: number | undefined;
  /** Destroys the stream with an `AbortError` when it is aborted. */
  signal?: AbortSignal | undefined;
  /** Chunks are strings in this encoding instead of `Buffer`s. */
  encoding?: BufferEncoding | 'buffer' | null | undefined;
  /**
   * What happens to data that comes while every slot is full. Sources that can wait, such as files, only know `'block'`;
   * with `follow` also `'strict'`, for which a file that was lost is an error.
   *
   * - `'block'`: it stays where it is. The background thread reads no more; a peer waits, a datagram socket's buffer fills.
   * - `'drop-oldest'`: it takes the place of the oldest chunk that was not handed on yet.
   * - `'drop-newest'`: it is read and forgotten.
   * - `'strict'`: the stream fails with `ERR_SLIPRING_OVERFLOW`, after all chunks that came before.
   *
   * What is dropped is counted in `stats()`, and a `'gap'` event stands where it is missing.
   * @defaultValue 'block'
   */
  overflow?: Overflow | undefined;
  /**
   * Whether `'close'` is emitted.
   * @defaultValue true
   */
  emitClose?: boolean | undefined;
  /**
   * Whether the stream destroys itself after its end or an error, and so closes what it reads from.
   * @defaultValue true
   */
  autoClose?: boolean | undefined;
}

/** `StreamOptions` after the checks, with nothing left open. */
export interface ResolvedStreamOptions {
  slots: number;
  slotSize: number;
  /** Nobody asked for a size: `slots` and `slotSize` are the largest that the stream may choose. */
  choosesSize: boolean;
  /** No slot gets memory before there is data. */
  startsEmpty: boolean;
  /** How many slots get memory at the start; the others do when the consumer falls behind. Undefined: all do. */
  growsFrom: number | undefined;
  overflow: Overflow;
  signal: AbortSignal | undefined;
  encoding: BufferEncoding | undefined;
  emitClose: boolean;
  autoClose: boolean;
  /** Chunks are objects, which the stream makes from slots: see `ProducerStream.unpack`. */
  objectMode: boolean;
}

/** What kind of stream the options are for. */
export interface StreamKind {
  /** Data comes whether or not somebody reads: every overflow policy makes sense. */
  live: boolean;
  /** It waits for its consumer, and may lose something all the same: that can be an error. */
  mayLose: boolean;
  /** Its chunks are objects. */
  objectMode: boolean;
  /** It may be silent for long: no slot gets memory before there is data. */
  idle: boolean;
  /** It must not wait for a consumer that is late for once: all slots get memory at the start, and are filled ahead. */
  eager: boolean;
  /** In bytes. */
  defaultSlotSize: number;
}

// docs/performance.md says how these were chosen.
const DEFAULT_SLOT_SIZE = 2 * 1024 * 1024;
const DEFAULT_SLOTS = { least: 4, most: 64, bytes: 2 * 1024 * 1024 };
const MAX_SLOTS = 1024;
const MAX_SLOT_SIZE = 2 ** 30;

/** A stream that waits for its consumer, as that of a file does. Others say what is different. */
export const PLAIN: StreamKind = {
  live: false,
  mayLose: false,
  objectMode: false,
  idle: false,
  eager: false,
  defaultSlotSize: DEFAULT_SLOT_SIZE,
};

export function validateInteger(value: unknown, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} and <= ${max}`, value);
  return value;
}

export function validateBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
  return value;
}

/** An IP address. `families` are those that it may have. */
export function validateAddress(value: unknown, name: string, families: readonly number[] = [4, 6]): string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  if (families.includes(isIP(value))) return value;
  throw invalidArgValue(name, `must be an ${families.map((family) => `IPv${family}`).join(' or ')} address`, value);
}

/** As in node:fs, also a signal of some other making; one that is aborted needs no listeners. */
export function validateSignal(value: unknown, name: string): AbortSignal {
  if (typeof value === 'object' && value !== null && 'aborted' in value) {
    const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
    if (aborted) return AbortSignal.abort((value as AbortSignal).reason);
    if (typeof addEventListener === 'function' && typeof removeEventListener === 'function') {
      return value as AbortSignal;
    }
  }
  throw invalidArgType(name, 'an instance of AbortSignal', value);
}

export function validateEncoding(value: unknown): BufferEncoding | undefined {
  if (value === undefined || value === null || value === 'buffer') return undefined;
  if (typeof value !== 'string' || !Buffer.isEncoding(value)) {
    throw invalidArgValue('encoding', 'must be an encoding that Buffer knows', value);
  }
  return value;
}

/** A path as `node:fs` takes it, still in the form it was given, but for URLs, which are decoded. */
export function resolvePath(given: unknown, name: string): string | Buffer {
  const value = given instanceof URL ? fileURLToPath(given) : given;
  const isText = typeof value === 'string';
  if (!isText && !isUint8Array(value)) {
    throw invalidArgType(name, 'of type string or an instance of Buffer or URL', value);
  }
  if (isText ? value.includes('\u0000') : value.includes(0)) {
    throw invalidArgValue(name, 'must be a string, Uint8Array, or URL without null bytes', value);
  }
  return isText ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** A path as native code takes it: with the prefix that long ones need on Windows. */
export function pathForSystem(given: string | Buffer): Buffer {
  const path = pinPath(given);
  return Buffer.from(typeof path === 'string' ? toNamespacedPath(path) : path);
}

// Taken now: an application may put something else into node:fs.
const realPath = realpathSync.native;

/**
 * A path that native code takes, as one that stays the same when the process changes its folder. Nothing else about it
 * changes: behind a symbolic link ".." is another folder than it looks like.
 */
export function lastingPath(path: Buffer): Buffer {
  // An empty path is none, and is to fail as one.
  if (path.length === 0 || isAbsolute(path.toString('latin1'))) return path;
  try {
    // As bytes: a folder may have any name.
    return Buffer.concat([Buffer.from(realPath('.', 'buffer')), Buffer.from(sep), path]);
  } catch {
    return path; // the folder is gone, or only to be reached from inside: there is no other way to say it
  }
}

/**
 * A copy of what a user gave, with the properties that `node:fs` sees: the enumerable ones, also of a prototype, each read
 * once. Not those of Object.prototype: what somebody has added to it is no option, here and where the copy is read.
 */
export function copyOf<Given extends object>(given: Given): Given {
  const copy = Object.create(null) as Given;
  for (const name in given) {
    if (Object.hasOwn(given, name) || !Object.hasOwn(Object.prototype, name)) copy[name] = given[name];
  }
  return copy;
}

/** What a stream function got as its options, as a copy: a string is an encoding, as in `node:fs`. */
export function optionsObject<Options extends object>(options: Options | string | null | undefined): Options {
  if (options === undefined || options === null || typeof options === 'function') return copyOf({} as Options);
  if (typeof options === 'string') return copyOf({ encoding: options } as unknown as Options);
  if (typeof options !== 'object') throw invalidArgType('options', 'of type string or an instance of Object', options);
  return copyOf(options);
}

function resolveSlotSize({ slotSize, highWaterMark }: StreamOptions, byDefault: number): number {
  if (slotSize !== undefined) return validateInteger(slotSize, 'options.slotSize', 1, MAX_SLOT_SIZE);
  // As node:stream does: null is nothing, and one code for whatever is wrong with it.
  if (highWaterMark === undefined || highWaterMark === null) return byDefault;
  if (!Number.isInteger(highWaterMark) || highWaterMark < 1 || highWaterMark > MAX_SLOT_SIZE) {
    throw invalidArgValue('options.highWaterMark', `must be an integer from 1 to ${MAX_SLOT_SIZE}`, highWaterMark);
  }
  return highWaterMark;
}

function defaultSlots(slotSize: number): number {
  const { least, most, bytes } = DEFAULT_SLOTS;
  return Math.min(Math.max(Math.floor(bytes / slotSize), least), most);
}

function validateOverflow(value: unknown, { live, mayLose }: StreamKind): Overflow {
  const known = live ? OVERFLOWS : OVERFLOWS.filter((name) => name === 'block' || (mayLose && name === 'strict'));
  if (known.includes(value as Overflow)) return value as Overflow;
  const why = live ? '' : ': this source waits for its consumer';
  throw invalidArgValue('options.overflow', `must be ${known.map((name) => `'${name}'`).join(', ')}${why}`, value);
}

/** Of a copy of the options: see `optionsObject`. */
export function resolveStreamOptions(options: StreamOptions, kind = PLAIN): ResolvedStreamOptions {
  const { live, idle, eager, objectMode, defaultSlotSize } = kind;
  const slotSize = resolveSlotSize(options, defaultSlotSize);
  const { slots = defaultSlots(slotSize), signal, overflow = 'block' } = options;
  const { emitClose = true, autoClose = true } = options;
  validateOverflow(overflow, kind);
  const sizeWasGiven = (options.slots ?? options.slotSize ?? options.highWaterMark ?? null) !== null;
  return {
    slots: validateInteger(slots, 'options.slots', 1, MAX_SLOTS),
    slotSize,
    // What is dropped when depends on how many slots there are: all of them, from the start.
    choosesSize: (overflow === 'block' || !live) && !eager && !sizeWasGiven,
    startsEmpty: overflow === 'block' && idle,
    growsFrom: undefined,
    overflow,
    signal: signal === undefined ? undefined : validateSignal(signal, 'options.signal'),
    encoding: validateEncoding(options.encoding),
    emitClose: validateBoolean(emitClose, 'options.emitClose'),
    autoClose: validateBoolean(autoClose, 'options.autoClose'),
    objectMode,
  };
}

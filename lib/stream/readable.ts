/** The `Readable` that streams extend: Node's own, with the types of the events that Node does not know. */
import { Readable as NodeReadable, type ReadableOptions } from 'node:stream';

import type { Gap, Rotation } from '../ring';
import type { ResolvedStreamOptions } from '../options';

// As @types/node has it, so that every listener fits.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Listener = (...args: any[]) => void;

export interface Readable extends NodeReadable {
  /** An error, once at most; with `autoClose`, the default, `'close'` follows. */
  addListener(event: 'error', listener: (error: Error) => void): this;
  /** Something is missing before the next chunk, or before the end. */
  addListener(event: 'gap', listener: (gap: Gap) => void): this;
  /** Of a file that is followed: what comes next is of another one, or it was cut and is read anew. */
  addListener(event: 'rotate', listener: (rotation: Rotation) => void): this;
  /** The events of `Readable`, and those of the source. */
  addListener(event: string | symbol, listener: Listener): this;
  /** An error, once at most; with `autoClose`, the default, `'close'` follows. */
  on(event: 'error', listener: (error: Error) => void): this;
  /** Something is missing before the next chunk, or before the end. */
  on(event: 'gap', listener: (gap: Gap) => void): this;
  /** Of a file that is followed: what comes next is of another one, or it was cut and is read anew. */
  on(event: 'rotate', listener: (rotation: Rotation) => void): this;
  /** The events of `Readable`, and those of the source. */
  on(event: string | symbol, listener: Listener): this;
  /** An error, once at most; with `autoClose`, the default, `'close'` follows. */
  once(event: 'error', listener: (error: Error) => void): this;
  /** Something is missing before the next chunk, or before the end. */
  once(event: 'gap', listener: (gap: Gap) => void): this;
  /** Of a file that is followed: what comes next is of another one, or it was cut and is read anew. */
  once(event: 'rotate', listener: (rotation: Rotation) => void): this;
  /** The events of `Readable`, and those of the source. */
  once(event: string | symbol, listener: Listener): this;
}

export const Readable = NodeReadable as { new (options?: ReadableOptions): Readable; readonly prototype: Readable };

/** A Readable that knows whether it is iterated over. */
export class IterableReadable extends Readable {
  /** Somebody takes chunk after chunk in a loop, and not as text that Node has decoded. */
  protected iterated = false;

  /** @internal As in Node. */
  override iterator(options?: { destroyOnReturn?: boolean }): ReturnType<Readable['iterator']> {
    this.iterated = this.readableEncoding === null;
    return super.iterator(options);
  }

  /** @internal As in Node. */
  override [Symbol.asyncIterator](): ReturnType<Readable['iterator']> {
    this.iterated = this.readableEncoding === null;
    return super[Symbol.asyncIterator]();
  }
}

/** What Node gets of the options; without a prototype, for it reads many more. */
export function readableOptions(options: ResolvedStreamOptions, hasRecords: boolean): ReadableOptions {
  const { emitClose, autoClose, encoding, signal } = options;
  return Object.assign(Object.create(null) as ReadableOptions, {
    // One, not zero: with zero, a chunk that ends within a character of a decoded text would be the last one asked for.
    highWaterMark: 1,
    objectMode: options.objectMode || hasRecords,
    emitClose,
    autoDestroy: autoClose,
    // Records are decoded each by itself, and not what follows them with them.
    ...(encoding && !hasRecords && { encoding }),
    ...(signal?.aborted === false && { signal }),
  });
}

/** Overrides what Node itself tells of a stream. Not with accessors of the class: for TypeScript these are fields. */
export function overrideFacts<Stream extends Readable>(
  prototype: Stream,
  highWaterMark: (stream: Stream) => number,
  wasLent: (stream: Stream) => boolean,
): void {
  Object.defineProperties(prototype, {
    readableHighWaterMark: {
      get(this: Stream): number {
        return highWaterMark(this);
      },
    },
    readableDidRead: {
      get(this: Stream): boolean {
        return wasLent(this) || Reflect.get(Readable.prototype, 'readableDidRead', this);
      },
    },
  });
}

/** The same for the encoding; where there is no other, it is Node's. */
export function overrideEncoding<Stream extends Readable>(
  prototype: Stream,
  encoding: (stream: Stream) => BufferEncoding | null | undefined,
): void {
  Object.defineProperty(prototype, 'readableEncoding', {
    get(this: Stream): BufferEncoding | null {
      const own = encoding(this);
      return own === undefined ? Reflect.get(Readable.prototype, 'readableEncoding', this) : own;
    },
  });
}

/** The most that `Readable.prototype.read` can be asked for. */
const MAX_READ_SIZE = 2 ** 30;

/** How many bytes a `read(size)` needs before it returns something. */
export function readSizeOf(size: number | undefined): number {
  return size !== undefined && size >= 1 && size <= MAX_READ_SIZE ? size : 1;
}

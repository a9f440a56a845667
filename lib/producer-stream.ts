import { addAbortSignal, Readable } from 'node:stream';

import { sourceFailed } from './errors';
import { Feed, type Source } from './feed';
import type { NativeFailure } from './native';
import type { ResolvedStreamOptions } from './options';
import type { Stats } from './stats';

/** The most that `Readable.prototype.read` can be asked for. */
const MAX_READ_SIZE = 2 ** 30;

/**
 * A `Readable` that a native background thread fills.
 *
 * The ring of slots is the buffer: a slot is taken when the consumer asks for it, and the Readable's own queue holds
 * one chunk at most. So one slot is one chunk for every way to read, on Node versions that join queued chunks too.
 */
export class ProducerStream extends Readable {
  readonly #feed: Feed;
  readonly #autoClose: boolean;

  /** The consumer asked for a chunk that it has not got. */
  #wanted = false;
  /** It asked while the queue still held enough: the next chunk has to wait until that is read. */
  #deferred = false;
  /** How much the queue must hold before the consumer can go on: something, or the n of a `read(n)`. */
  #enough = 1;

  /** @internal Use the `create…Stream` functions. */
  constructor(source: Source, options: ResolvedStreamOptions) {
    super({
      // One, not zero: with zero, a chunk that ends within a character of a decoded text would be the last one asked for.
      highWaterMark: 1,
      emitClose: options.emitClose,
      autoDestroy: options.autoClose,
      ...(options.encoding && { encoding: options.encoding }),
    });
    this.#autoClose = options.autoClose;
    this.#feed = new Feed(source, options, {
      turn: () => this.#onTurn(),
      open: (descriptor) => this.onOpen(descriptor),
      openFailed: () => this.#finish(),
    });
    // What was asked for as highWaterMark, not what the machinery below works with.
    Object.defineProperty(this, 'readableHighWaterMark', { value: options.slotSize });
    // Not left to super(): a signal that is aborted already would call _destroy before this constructor has run.
    if (options.signal) addAbortSignal(options.signal, this);
  }

  /** A snapshot of the stream's counters, at any time, also after `'close'`. */
  stats(): Stats {
    return this.#feed.stats();
  }

  /** Undoes `unref()`. */
  ref(): this {
    this.#feed.setReferenced(true);
    return this;
  }

  /** Lets the process exit although the stream is open. */
  unref(): this {
    this.#feed.setReferenced(false);
    return this;
  }

  /** Bytes handed to the consumer so far. */
  protected get bytesDelivered(): number {
    return this.#feed.bytesDelivered;
  }

  /** Whether there is, or was, a background thread: what it was given to close, it closes. */
  protected get started(): boolean {
    return this.#feed.started;
  }

  /** Called when the source is open. `descriptor` is -1 when it has none. */
  protected onOpen(_descriptor: number): void {}

  /** Makes the error to destroy the stream with when the source failed. */
  protected toError(failure: NativeFailure): Error {
    return sourceFailed(failure);
  }

  /**
   * Called when the thread is gone, before `'close'`: for what is to be closed from JavaScript. `descriptor` is
   * undefined when the source was never open.
   */
  protected afterStop(_descriptor: number | undefined, callback: (error?: Error | null) => void): void {
    callback();
  }

  override _construct(callback: (error?: Error | null) => void): void {
    // Destroyed before its first tick: there is nothing to start.
    if (this.destroyed) return callback();
    try {
      this.#feed.start();
    } catch (error) {
      return callback(error as Error);
    }
    callback();
  }

  override _read(): void {
    this.#wanted = true;
    this.#deferred = this.readableLength >= this.#enough;
    if (!this.#deferred) this.#deliver();
  }

  override read(size?: number): unknown {
    // Whoever resumes or reads the stream in another context: its listeners are called in the stream's (Rule 7).
    return this.#feed.inContext(this.#readNow, this, size);
  }

  #readNow(size?: number): unknown {
    // Node itself asks with 0, on nobody's behalf.
    if (size !== 0) this.#enough = size !== undefined && size >= 1 && size <= MAX_READ_SIZE ? size : 1;
    if (this.#deferred && this.readableLength < this.#enough) {
      const flowing = this.readableFlowing;
      this.#deferred = false;
      this.#deliver();
      // A 'data' listener paused the stream: what is in the queue by now is not for it.
      if (flowing && !this.readableFlowing) return null;
    }
    try {
      return super.read(size);
    } finally {
      // Also when a listener threw: the stream itself goes on (Rule 7).
      if (this.#deferred && this.readableLength < this.#enough) this.#feed.scheduleTurn();
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#feed.stop((descriptor) => {
      this.afterStop(descriptor, (stopError) => {
        // As closing a file or a socket does, 'close' leaves the code that heard 'end' time to listen for it.
        setImmediate(callback, error ?? stopError);
      });
    });
  }

  #onTurn(): void {
    if (this.readableLength < this.#enough) this.#deferred = false;
    this.#deliver();
  }

  /** Hands on what is ready, as long as the consumer wants it. */
  #deliver(): void {
    try {
      while (this.#wanted && this.readableLength < this.#enough && !this.destroyed) {
        const chunk = this.#takeChunk();
        if (chunk === undefined) break;
        if (chunk === null) return this.#finish();
        this.#wanted = this.push(chunk);
      }
    } catch (error) {
      // A listener threw. That is the application's to handle; the stream itself goes on (Rule 7).
      this.#feed.scheduleTurn();
      throw error;
    }
    this.#feed.setWaiting(this.#wanted);
  }

  #takeChunk(): Buffer | null | undefined {
    try {
      return this.#feed.take();
    } catch (error) {
      this.destroy(error as Error); // no memory for the slot to go on with
      return undefined;
    }
  }

  /** Tells the consumer of the end, or of the error. */
  #finish(): void {
    this.#wanted = false;
    const failure = this.#feed.outcome();
    this.#feed.close();
    if (failure === undefined) {
      this.push(null);
    } else if (this.#autoClose) {
      this.destroy(this.toError(failure));
    } else {
      this.emit('error', this.toError(failure));
    }
  }
}

import { AsyncResource } from 'node:async_hooks';
import { addAbortSignal, Readable } from 'node:stream';

import { sourceFailed } from './errors';
import {
  ChunkInfo,
  FINISHED,
  NOTHING_READY,
  Producer,
  type NativeFailure,
  type NativeProducer,
  type SourceOptions,
} from './native';
import type { ResolvedStreamOptions } from './options';
import { SlotMemory } from './slots';
import { readStats, type Stats } from './stats';

/** Which native source a stream reads from, and how. */
export interface Source {
  name: string;
  options: SourceOptions;
  /**
   * When the stream keeps the process alive: as long as it is open, as a socket does, or only while it opens and while
   * somebody waits for a chunk, as a file does.
   */
  keepsAlive: 'while open' | 'while reading';
}

/** The most that `Readable.prototype.read` can be asked for. */
const MAX_READ_SIZE = 2 ** 30;

/**
 * A `Readable` that a native background thread fills.
 *
 * The ring of slots is the buffer: a slot is taken when the consumer asks for it, and the Readable's own queue holds
 * one chunk at most. So one slot is one chunk for every way to read, on Node versions that join queued chunks too.
 */
export class ProducerStream extends Readable {
  readonly #native: NativeProducer;
  readonly #memory: SlotMemory;
  readonly #slots: number;
  readonly #slotSize: number;
  readonly #autoClose: boolean;
  readonly #delivered = { bytes: 0, chunks: 0 };
  /** User code runs in the context in which the stream was made (Rule 7). */
  readonly #context = new AsyncResource('SLIPRING');

  #started = false;
  /** The outcome of opening the source was told, by `onOpen()` or as an error. */
  #announced = false;
  /** The consumer asked for a chunk that it has not got. */
  #wanted = false;
  /** It asked while the queue still held enough: the next chunk has to wait until that is read. */
  #deferred = false;
  /** How much the queue must hold before the consumer can go on: something, or the n of a `read(n)`. */
  #enough = 1;
  /** How many more slots may be handed on before the event loop gets its turn (Rule 11). */
  #budget: number;
  #nextTurn: NodeJS.Immediate | undefined;
  readonly #keepsAlive: Source['keepsAlive'];
  /** What the user wants: see ref(). */
  #referenced = true;
  /** What native code was told last. */
  #holdsLoop = true;
  /** Set while `_destroy` waits for the thread. */
  #onStopped: (() => void) | undefined;

  /** @internal Use the `create…Stream` functions. */
  constructor(source: Source, options: ResolvedStreamOptions) {
    super({
      // One, not zero: with zero, a chunk that ends within a character of a decoded text would be the last one asked for.
      highWaterMark: 1,
      emitClose: options.emitClose,
      autoDestroy: options.autoClose,
      ...(options.encoding && { encoding: options.encoding }),
    });
    const { slots, slotSize } = options;
    const chunkInfo = new Float64Array(ChunkInfo.count);
    this.#native = new Producer(source.name, source.options, slots, slotSize, chunkInfo);
    this.#memory = new SlotMemory(this.#native, chunkInfo, slotSize);
    this.#slots = slots;
    this.#slotSize = slotSize;
    this.#autoClose = options.autoClose;
    this.#keepsAlive = source.keepsAlive;
    this.#budget = slots;
    // What was asked for as highWaterMark, not what the machinery below works with.
    Object.defineProperty(this, 'readableHighWaterMark', { value: slotSize });
    // Not left to super(): a signal that is aborted already would call _destroy before this constructor has run.
    if (options.signal) addAbortSignal(options.signal, this);
  }

  /** A snapshot of the stream's counters, at any time, also after `'close'`. */
  stats(): Stats {
    return readStats(this.#native, this.#slots, this.#slotSize, this.#delivered);
  }

  /** Undoes `unref()`. */
  ref(): this {
    this.#referenced = true;
    this.#nextTurn?.ref();
    this.#updateHold();
    return this;
  }

  /** Lets the process exit although the stream is open. */
  unref(): this {
    this.#referenced = false;
    this.#unrefTurn();
    this.#updateHold();
    return this;
  }

  /** Bytes handed to the consumer so far. */
  protected get bytesDelivered(): number {
    return this.#delivered.bytes;
  }

  /** Whether there is, or was, a background thread: what it was given to close, it closes. */
  protected get started(): boolean {
    return this.#started;
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
      for (let index = 0; index < this.#slots; index++) this.#memory.armWithNew(index);
      const errno = this.#native.start(() => {
        this.#context.runInAsyncScope(this.#onRing, this);
      });
      if (errno !== 0) return callback(sourceFailed({ errno, syscall: 'pthread_create', text: '' }));
    } catch (error) {
      return callback(error as Error);
    }
    this.#started = true;
    this.#updateHold();
    callback();
  }

  override _read(): void {
    this.#wanted = true;
    this.#deferred = this.readableLength >= this.#enough;
    if (!this.#deferred) this.#deliver();
  }

  override read(size?: number): unknown {
    // Whoever resumes or reads the stream in another context: its listeners are called in the stream's (Rule 7).
    return this.#context.runInAsyncScope(this.#readNow, this, size);
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
      if (this.#deferred && this.readableLength < this.#enough) this.#scheduleTurn();
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const finish = (): void => {
      this.#native.close();
      this.afterStop(this.#native.descriptor(), (stopError) => {
        // As closing a file or a socket does, 'close' leaves the code that heard 'end' time to listen for it.
        setImmediate(callback, error ?? stopError);
      });
    };
    clearImmediate(this.#nextTurn);
    if (!this.#started || this.#native.requestStop()) return finish();
    this.#onStopped = finish;
    this.#updateHold();
  }

  /** After a ring of the doorbell, in the stream's context. */
  #onRing(): void {
    if (this.destroyed) {
      if (this.#onStopped && this.#native.requestStop()) {
        const finish = this.#onStopped;
        this.#onStopped = undefined;
        finish();
      }
      return;
    }
    // On what is left of the budget: Node may call this several times before the event loop gets its turn.
    this.#look();
  }

  /** Tells native code whether the stream keeps the event loop running right now. */
  #updateHold(): void {
    if (!this.#started) return;
    const busy = this.#keepsAlive === 'while open' || !this.#announced || this.#wanted;
    // A stream that is being destroyed always gets to emit 'close'.
    const hold = (this.#referenced && busy) || this.#onStopped !== undefined;
    if (hold === this.#holdsLoop) return;
    this.#holdsLoop = hold;
    if (hold) this.#native.ref();
    else this.#native.unref();
  }

  #scheduleTurn(): void {
    if (this.#nextTurn) return;
    this.#nextTurn = setImmediate(() => {
      this.#nextTurn = undefined;
      this.#budget = this.#slots;
      this.#context.runInAsyncScope(this.#look, this);
    });
    if (!this.#referenced) this.#unrefTurn();
  }

  /** Lets the process exit before the next turn, but does not let the event loop fall asleep before it. */
  #unrefTurn(): void {
    if (!this.#nextTurn) return;
    this.#nextTurn.unref();
    this.#native.wake();
  }

  #look(): void {
    if (this.readableLength < this.#enough) this.#deferred = false;
    try {
      this.#announceOpen();
    } catch (error) {
      this.#scheduleTurn(); // a listener threw, as in #deliver()
      throw error;
    }
    this.#deliver();
  }

  /** Tells how opening the source went, once, also when nobody reads. */
  #announceOpen(): void {
    if (this.#announced) return;
    if (this.#native.openFailed()) {
      this.#announced = true;
      this.#finish();
      return;
    }
    const descriptor = this.#native.descriptor();
    if (descriptor === undefined) return;
    this.#announced = true;
    this.onOpen(descriptor);
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
      this.#scheduleTurn();
      throw error;
    }
    this.#updateHold();
  }

  /** The next chunk, null at the end, or undefined when there is none now; then a later turn will look again. */
  #takeChunk(): Buffer | null | undefined {
    if (this.#budget === 0) {
      this.#scheduleTurn();
      return undefined;
    }
    // 'open' comes first, in a turn of its own: the doorbell that tells of the opening is still on its way.
    if (!this.#announced) return undefined;
    const index = this.#native.take();
    if (index === NOTHING_READY) return undefined;
    if (index === FINISHED) {
      // The end comes in a turn of its own, as it does from a file descriptor: programs rely on it unknowingly.
      if (this.#budget === this.#slots) return null;
      this.#scheduleTurn();
      return undefined;
    }
    this.#budget--;
    try {
      const chunk = this.#memory.giveAway(index);
      this.#delivered.chunks++;
      this.#delivered.bytes += chunk.length;
      return chunk;
    } catch (error) {
      this.destroy(error as Error); // no memory to arm the slot with
      return undefined;
    }
  }

  #finish(): void {
    this.#wanted = false;
    const failure = this.#native.outcome();
    this.#native.close();
    if (failure === undefined) {
      this.push(null);
    } else if (this.#autoClose) {
      this.destroy(this.toError(failure));
    } else {
      this.emit('error', this.toError(failure));
    }
  }
}

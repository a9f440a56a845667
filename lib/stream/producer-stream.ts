import { addAbortSignal } from 'node:stream';

import { DirectReader } from './direct-reader';
import { prematureClose, streamBusy, throwLater } from '../errors';
import { Feed, FINISHED, type Framing, NEWS, NOTHING_READY, type Source } from '../ring';
import { Observer } from '../observe';
import { PipingStream } from './piping';
import type { ResolvedStreamOptions } from '../options';
import { overrideFacts, readableOptions, readSizeOf } from './readable';
import { Rest, type Taker } from './rest';
import { decodes, pushText } from './text';

/**
 * A `Readable` that a native background thread fills.
 *
 * The ring of slots is the buffer: a slot is taken when the consumer asks for it, and the Readable's own queue holds
 * one chunk at most. So one slot is one chunk for every way to read, on Node versions that join queued chunks too.
 */
export class ProducerStream extends PipingStream {
  static {
    // The size that was asked for, not what the machinery below works with.
    overrideFacts(
      this.prototype,
      (stream) => stream.#feed.slotSize,
      (stream) => stream.#feed.hasLent,
    );
  }

  readonly #feed: Feed;
  protected override readonly observer: Observer;
  readonly #autoClose: boolean;

  /** The source has ended or failed, and the consumer was told. */
  #finished = false;
  #failure: Error | undefined;
  /** Fails the stream as Node's own streams do, which destroys it only with autoDestroy. */
  #fail: ((error: Error) => void) | undefined;
  /** The consumer asked for a chunk that it has not got. */
  #wanted = false;
  /** It asked while it could not take one: its queue holds enough, it is a pipe, or read() was not running. */
  #deferred = false;
  /** While Node's read() runs: whether somebody called it for a chunk, not Node for its listeners. */
  #asked: boolean | undefined;
  /** How much the queue must hold before the consumer can go on: something, or the n of a `read(n)`. */
  #enough = 1;
  /** Set when somebody reads past this queue. */
  #direct: DirectReader | undefined;
  readonly #rest = new Rest();
  readonly #taker: Taker = {
    wants: () => this.#wanted && !this.destroyed,
    take: (object) => void (this.#wanted = this.push(object)),
    gap: (gap) => this.tell(['gap', gap]),
  };

  /** @internal Use the `create…Stream` functions. */
  constructor(source: Source, options: ResolvedStreamOptions) {
    // From super() on the stream starts by itself, so nothing may throw any more.
    const feed = new Feed(source, options);
    const { signal } = options;
    super(readableOptions(options, source.framing !== undefined));
    this.#autoClose = options.autoClose;
    this.#feed = feed;
    this.observer = new Observer(this, source.name, feed);
    feed.events = {
      turn: () => this.#onTurn(),
      message: (chunk) => {
        this.#wanted = this.push(chunk);
        if (!this.#wanted) this.#feed.setWaiting(false);
      },
      record: (room, begin, end) => {
        this.#wanted = this.push(this.ofRecord(room, begin, end));
        if (!this.#wanted) this.#feed.setWaiting(false);
      },
      records: (slot) => {
        this.#rest.begin(this.unpack?.(slot));
        this.#deliver();
      },
      open: (descriptor, name) => this.observer.opening(() => this.onOpen(descriptor, name)),
      openFailed: () => void this.#finish(),
      broken: (error) => void this.destroy(error),
    };
    // Not left to super(), which would call _destroy before this constructor has run.
    if (signal?.aborted) addAbortSignal(signal, this);
  }

  protected override get readBy(): 'nobody' | 'one' | 'others' {
    if (this.#direct) return 'one';
    const flows = this.readableFlowing !== null || this.listenerCount('readable') > 0;
    // Somebody may also have read() and gone, and left bytes in the queue.
    return flows || this.#wanted || this.readableDidRead || this.readableLength > 0 ? 'others' : 'nobody';
  }

  protected override readDirectly(): DirectReader {
    if (this.readBy !== 'nobody') throw streamBusy();
    this.on('error', () => undefined); // the reader throws it
    this.#direct = new DirectReader(this.#feed, {
      destroyedWith: () => (this.destroyed && !this.#finished ? (this.errored ?? prematureClose()) : undefined),
      notice: (notice) => this.#feed.inContext(() => this.tell(notice), this),
      finish: () => this.#feed.inContext(this.#finish, this),
      left: () => void (this.#finished || this.destroy()),
    });
    return this.#direct;
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

  protected override get ring(): Feed {
    return this.#feed;
  }

  /** Makes the chunks whole records. False when the source has been asked for some already. */
  protected frame(framing: Framing): boolean {
    if (this.#feed.started) return false;
    this.#feed.frame(framing);
    return true;
  }

  /** @internal */ override _construct(callback: (error?: Error | null) => void): void {
    // What this is called with later is an error, too: Node has no other public way to one without destroy().
    this.#fail = callback;
    // Destroyed before its first tick: there is nothing to start.
    if (this.destroyed) return callback();
    try {
      this.#feed.start();
    } catch (error) {
      return callback(error as Error);
    }
    callback();
  }

  /** @internal */ override _read(): void {
    // Not silence: whoever reads besides would wait for ever, and take the end for an empty stream's.
    if (this.#direct) return void this.destroy(streamBusy());
    this.#wanted = true;
    // What is queued when a stream flows, Node 26.11 hands on by itself: without read(), past the write() of a pipe's
    // destination, and not before it has asked for the next chunk. That one must wait.
    const early = this.#asked === undefined || Boolean(this.readableFlowing && this.pipes?.connected);
    this.#deferred = early || this.readableLength >= this.#enough;
    try {
      if (this.#asked === undefined) this.#feed.scheduleTurn();
      else if (!this.#deferred) this.#deliver(this.#asked);
    } catch (error) {
      throwLater(error); // from here, Node would take it for an error of the stream (Rule 7)
    }
  }

  override read(size?: number): unknown {
    // Node asks with 0 after each chunk. It is known already that there is nothing.
    if (size === 0 && this.#feed.expectsMessage) return null;
    // Whoever resumes or reads the stream in another context: its listeners are called in the stream's (Rule 7).
    return this.#feed.inContext(this.#readNow, this, size);
  }

  #readNow(size?: number): unknown {
    const flowing = this.readableFlowing;
    const ahead = size === 0; // Node itself, on nobody's behalf
    const asked = !ahead && !flowing;
    if (!ahead) this.#enough = readSizeOf(size);
    if (!ahead && this.#deferred && this.readableLength < this.#enough) {
      this.#deferred = false;
      this.#deliver(asked);
      // A 'data' listener paused the stream: what is in the queue by now is not for it.
      if (flowing && !this.readableFlowing) return null;
    }
    this.#asked = asked;
    try {
      return super.read(size);
    } finally {
      this.#asked = undefined;
      // Also when a listener threw: the stream itself goes on (Rule 7).
      if (this.#deferred && this.readableLength < this.#enough) this.#feed.scheduleTurn();
    }
  }

  /** In the stream's context, for what Node 26.11 hands on without read() (Rule 7). */
  override resume(): this {
    return this.#feed.inContext(() => super.resume(), this);
  }

  /** @internal */ override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#direct?.wake();
    this.#rest.drop();
    this.observer.failed(error);
    this.#feed.stop((descriptor, exhausted) => {
      this.pipes?.threadWrites.close();
      // As closing a file or a socket does, 'close' leaves the code that heard 'end' time to listen for it.
      const close = (failure?: Error | null): void => {
        this.observer.closed(failure);
        callback(failure);
      };
      const done = (stopError?: Error | null): void => void setImmediate(close, error ?? stopError);
      if (exhausted === undefined) this.afterStop(descriptor, done);
      else done(this.toStuckError(exhausted)); // its thread goes on: nothing is closed under it
    });
  }

  #onTurn(): void {
    this.#direct?.wake();
    this.pipes?.threadWrites.turn();
    if (this.readableLength < this.#enough) this.#deferred = false;
    this.#deliver();
  }

  /** Hands on what is ready, as long as the consumer wants it. `asked`: somebody is just calling read(). */
  #deliver(asked = false): void {
    try {
      while (this.#wanted && !this.#direct && this.readableLength < this.#enough && !this.destroyed) {
        if (this.#rest.handOn(this.#taker)) continue;
        if (this.pipes?.threadWrites.underWay) {
          if (asked) this.pipes.threadWrites.interrupt();
          this.#deferred = true;
          break;
        }
        if (this.pipes?.connected && !this.readableFlowing && !asked) {
          this.#deferred = true; // a paused pipe: it reads again when it is resumed
          break;
        }
        const index = this.#feed.take();
        if (index === NOTHING_READY) break;
        if (index === NEWS) {
          this.tell(this.#feed.notice);
          continue;
        }
        if (index === FINISHED) return void this.#finish();
        const sinks = this.unpack ? undefined : this.pipes?.sinks;
        // What is in the queue comes first.
        if (sinks && this.readableFlowing && this.readableLength === 0) {
          this.pipes?.lend((fitting) => this.#feed.lend(index, fitting), sinks);
        } else if (this.unpack) {
          this.#rest.begin(this.unpack(this.#feed.keep(index)));
        } else if (decodes(this)) {
          this.#wanted = pushText(this, this.#feed.keep(index, 'small'));
        } else {
          const chunk = this.#feed.giveAway(index, this.iterated);
          if (chunk) this.#wanted = this.push(chunk);
        }
      }
    } catch (error) {
      // A listener threw. That is the application's to handle; the stream itself goes on (Rule 7), with what is left of a
      // message, which the next one must not take the place of.
      this.#feed.setWaiting(false);
      this.#feed.scheduleTurn();
      throw error;
    }
    const waiting = (this.#wanted && !this.#deferred) || this.pipes?.threadWrites.underWay === true;
    this.#feed.setWaiting(waiting, waiting && !this.#direct && !this.pipes);
  }

  /** Tells the consumer of the end or the error, once. */
  #finish(): Error | undefined {
    if (this.#finished) return this.#failure;
    this.onEnd();
    this.#finished = true;
    this.#wanted = false;
    const failure = this.#feed.outcome();
    this.#feed.close();
    if (failure) this.#failure = this.toError(failure);
    this.observer.ended(this.#failure);
    if (!this.#failure) {
      this.push(null);
      if (this.#direct) super.read(); // nobody else makes it emit 'end'
      return undefined;
    }
    if (this.#autoClose) this.destroy(this.#failure);
    else this.#fail?.(this.#failure);
    return this.#failure;
  }
}

import { AsyncResource } from 'node:async_hooks';

import { systemFailed, type NativeFailure } from '../errors';
import type { FeedEvents } from './feed-events';
import { Flushing } from './flushing';
import { GapFinder } from './gap';
import type { HeldSlot } from './held-slot';
import type { KeptSlot } from './kept-slot';
import { Latency } from './latency';
import { LoopHold } from './loop-hold';
import { Messages } from './messages';
import { Opening } from './opening';
import { ChunkInfo, FINISHED, hasLibuv, type NativeProducer, NOTHING_READY, Producer } from '../native';
import { demand } from '../permission';
import { OVERFLOWS, type ResolvedStreamOptions } from '../options';
import { Files } from './position';
import { type Notice, RingReader } from './reader';
import type { LentSlot } from './slot';
import { SlotMemory } from './memory';
import { type ChunkSize, slotSizing, type SlotSizing } from './sizing';
import type { Framing } from './framing';
import type { Source } from './source';
import { Counts } from './stats';
import { Stopping } from './stopping';
import { chunksPerTurn, Turns } from './turns';
import { Writing } from './writing';

/**
 * The JavaScript end of the native producer: starts it, takes slots from it, a bounded number per turn of the event
 * loop, hands out their memory, and stops it. Knows nothing of streams.
 */
export class Feed {
  readonly #native: NativeProducer;
  readonly #chunkInfo = new Float64Array(ChunkInfo.count);
  readonly #memory: SlotMemory;
  readonly #turns: Turns;
  /** To be set before anything can happen. */
  events!: FeedEvents;
  readonly #sizing: SlotSizing;
  readonly #startsEmpty: boolean;
  readonly slotSize: number;
  readonly counts: Counts;
  readonly latency = new Latency(this.#chunkInfo);
  /** Undefined where the consumer has to be told what is between two chunks, or the thread would read too little at once. */
  readonly writing: Writing | undefined;
  /** Something was handed on past the Readable: of that Node knows nothing. */
  hasLent = false;
  readonly #hold: LoopHold;
  readonly #context = new AsyncResource('SLIPRING');
  readonly #gaps: GapFinder | undefined;
  readonly #ring: RingReader;
  readonly #messages: Messages;

  #started = false;
  #closed = false;
  readonly #opening: Opening;
  readonly #access: Source['access'];
  readonly #stopping: Stopping;
  #expectsMessage = false;
  readonly #takesMessages: boolean;
  #flushing: Flushing | undefined;

  constructor(source: Source, options: ResolvedStreamOptions) {
    this.#sizing = slotSizing(options);
    const overflow = OVERFLOWS.indexOf(options.overflow);
    this.#access = source.access;
    const { name, patience } = source;
    this.#native = new Producer(name, source.options, this.#sizing.ring, overflow, this.#chunkInfo, patience);
    this.#opening = new Opening(this.#native);
    this.#stopping = new Stopping(this.#native, patience);
    this.#startsEmpty = options.startsEmpty;
    const words = new BigUint64Array(this.#chunkInfo.buffer);
    const files = new Files(this.#chunkInfo, words);
    this.#memory = new SlotMemory(this.#native, this.#chunkInfo, words, files, this.#sizing, (error) => {
      // Not now: the chunk at hand is still to be delivered.
      process.nextTick(() => this.inContext(() => this.#closed || this.events.broken(error), this));
    });
    this.counts = new Counts(this.#native, this.#sizing, this.#memory);
    this.#turns = new Turns(
      chunksPerTurn(this.#sizing.ring, source.hasRecords || source.framing !== undefined),
      () => this.inContext(this.#look, this),
      () => this.#native.wake(),
    );
    this.slotSize = options.slotSize;
    this.#hold = new LoopHold(this.#native, source.keepsAlive);
    const { hasRecords, mayLose, wholeSlots, framing } = source;
    this.#takesMessages = !hasRecords;
    const mayDrop = (mayLose || framing !== undefined || options.overflow !== 'block') && !hasRecords;
    this.#gaps = mayDrop ? new GapFinder(this.#chunkInfo) : undefined;
    const mayWrite = !mayDrop && !hasRecords && !wholeSlots;
    this.writing = mayWrite ? new Writing(this.#native, this.#memory.delivered) : undefined;
    this.#messages = new Messages(this.#memory.delivered, this.#gaps, this.latency);
    this.#ring = new RingReader(this.#native, this.#gaps, files, this.latency);
    if (framing) this.frame(framing);
  }

  /** Chunks are to be whole records. Before `start()`. */
  frame({ native, head, flushAfter }: Framing): void {
    this.#messages.head = head;
    this.#native.frame(native);
    if (flushAfter !== undefined) this.#flushing = new Flushing(this.#native, flushAfter);
    this.#gaps?.countRecords();
  }

  get started(): boolean {
    return this.#started;
  }

  get slots(): number {
    return this.#sizing.shape.slots;
  }

  /** Whether consumers hold half of the slots: the other half is for the thread to go on with. */
  get halfLent(): boolean {
    return this.#memory.lent >= Math.max(Math.floor(this.slots / 2), 1);
  }

  /** Whether nothing is ready, and what comes next may come as a `message`. */
  get expectsMessage(): boolean {
    return this.#expectsMessage && this.#ring.listens;
  }

  /** Calls `run` in the context in which the stream was made. */
  inContext<This, Arguments extends unknown[], Result>(
    run: (this: This, ...args: Arguments) => Result,
    thisArg: This,
    ...args: Arguments
  ): Result {
    return this.#context.runInAsyncScope(run, thisArg, ...args);
  }

  /** Throws when it is not permitted, or when there is no memory or no thread to be had. */
  start(): void {
    demand(this.#access);
    if (!this.#startsEmpty) this.#memory.open();
    const errno = this.inContext(() => {
      const onRing = (taken?: number): void => this.inContext(this.#onRing, this, taken);
      if (!hasLibuv) return this.#native.start(onRing);
      return this.#native.start(
        onRing,
        (begin, length, records) => this.#onMessage(begin, length, records),
        () => this.#messages.make(),
      );
    }, this);
    if (errno !== 0) throw systemFailed(errno, 'pthread_create');
    this.#started = true;
    this.#hold.start();
  }

  /**
   * The index of the oldest ready slot, to be passed to `giveAway` or `lend`; FINISHED at the end or an error, see
   * `outcome()`; NEWS when something is to be told before it, see `notice`; or NOTHING_READY, then `turn` is called when that may
   * have changed. `along`: what comes belongs to what is just being handed on, and so to the same turn.
   */
  take(along = false): number {
    if (this.#turns.spent && !along) {
      this.#turns.schedule();
      return NOTHING_READY;
    }
    // `open` comes first, in a turn of its own: the doorbell that tells of it is still on its way.
    if (!this.#opening.announced) return NOTHING_READY;
    const index = this.#ring.take();
    if (index === NOTHING_READY) this.#flushing?.arm();
    if (index === NOTHING_READY && this.#memory.empty && this.#native.waits()) this.#memory.openLate();
    if (index === FINISHED && !this.#turns.untouched) {
      // The end comes in a turn of its own, as it does from a file descriptor: programs rely on it unknowingly.
      this.#turns.schedule();
      return NOTHING_READY;
    }
    if (index >= 0) {
      this.#turns.spend(this.#chunkInfo[ChunkInfo.length] as number);
      this.#memory.taken();
    }
    return index;
  }

  /** After NEWS, once. */
  get notice(): Notice {
    return this.#ring.notice;
  }

  /** Makes the slot's bytes the consumer's own, if there is memory for the slot to go on with. `large`: as the slot may become. */
  giveAway(index: number, large: boolean): Buffer | undefined {
    try {
      return this.#memory.giveAway(index, large);
    } catch (error) {
      this.events.broken(error as Error);
      return undefined;
    }
  }

  /** Lends the slot to the consumer, who takes such chunks well. */
  lend(index: number, fitting: ChunkSize = 'large'): LentSlot {
    this.hasLent = true;
    return this.#memory.lend(index, fitting);
  }

  /** Keeps the slot, to make objects of its records, or text, for a consumer that takes such chunks well. */
  keep(index: number, fitting: ChunkSize = 'large'): KeptSlot {
    return this.#memory.keep(index, fitting);
  }

  /** Keeps the slot, to copy its bytes out piece by piece. */
  hold(index: number): HeldSlot {
    return this.#memory.hold(index);
  }

  /** After the end or `openFailed`: what the source failed with; undefined after a plain end. */
  outcome(): NativeFailure | undefined {
    return this.#native.outcome();
  }

  /** Asks for a `turn` soon. */
  scheduleTurn(): void {
    this.#turns.schedule();
  }

  /** Whether somebody waits for a chunk, and whether it may come as a `message`. */
  setWaiting(waiting: boolean, forMessage = false): void {
    this.#hold.waiting = waiting;
    this.#expectsMessage = waiting && forMessage && this.#takesMessages && this.#ring.listens;
    this.#chunkInfo[ChunkInfo.acceptsMessages] = this.#expectsMessage ? 1 : 0;
  }

  setReferenced(referenced: boolean): void {
    this.#turns.setReferenced(referenced);
    this.#hold.referenced = referenced;
  }

  /** Joins the thread, which must be done, and lets go of everything. Nothing is told any more. */
  close(): void {
    this.#closed = true;
    this.#turns.cancel();
    this.#flushing?.cancel();
    this.#memory.close(this.#native.close());
  }

  /**
   * Stops the thread without blocking the event loop, and closes. `done` gets the source's descriptor, undefined when it
   * was never open; and the patience that the thread has exhausted.
   */
  stop(done: (descriptor: number | undefined, exhausted?: number) => void): void {
    const finish = (exhausted?: number): void => {
      this.close();
      this.inContext(done, undefined, this.#native.descriptor(), exhausted); // whoever destroys the stream (Rule 7)
    };
    this.#turns.cancel();
    if (!this.#started) return finish();
    this.#stopping.begin(finish);
    if (this.#stopping.underWay) this.#hold.stopping();
  }

  /** After a ring of the doorbell. Node may deliver several before the event loop gets its turn: they share one budget. */
  #onRing(taken?: number): void {
    this.#ring.rung(taken);
    if (taken !== undefined) this.#turns.begin();
    if (this.#closed) return;
    if (this.#stopping.underWay) this.#stopping.rung();
    else this.#look();
  }

  /** After data that woke the event loop itself. In the stream's context already. */
  #onMessage(begin: number, length: number, records: number): void {
    if (this.#closed || this.#stopping.underWay) return;
    this.#messages.receive(begin, length, records, this.events);
    if (!this.#closed) this.#messages.prepare(length, records);
  }

  #look(): void {
    try {
      this.#opening.announce(() => this.#hold.announced(), this.events);
    } catch (error) {
      this.#turns.schedule(); // a listener threw; the stream itself goes on (Rule 7)
      throw error;
    }
    this.events.turn();
  }
}

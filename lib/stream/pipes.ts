/**
 * Lends slots to the destinations of `pipe()`, when every consumer of the stream is a terminal sink.
 *
 * Node's own pipe() stays in charge of everything but the chunk: of 'pipe' and 'unpipe', the end, errors and early
 * closes. Only its 'data' listener is not called; the chunk is written here, with a callback that tells when the sink is
 * done with it.
 */
import type { Readable, Writable } from 'node:stream';

import type { ChunkSize, LentSlot, Writing } from '../ring';
import { isDestroyed, isFileSink, isTerminalSink } from './sinks';
import { ThreadWrites } from './thread-writes';

type Listener = (...args: unknown[]) => void;
type WriteCallback = (error?: unknown) => void;

/** The callbacks of writes that are under way, of all streams. The listener to 'close' is one for each sink, too. */
const underWay = new WeakMap<Writable, Set<WriteCallback>>();

function writesTo(sink: Writable): Set<WriteCallback> {
  const known = underWay.get(sink);
  if (known) return known;
  const writes = new Set<WriteCallback>();
  underWay.set(sink, writes);
  sink.once('close', () => {
    underWay.delete(sink);
    // Some callbacks never come now, and what the others would say of the memory is not known either.
    for (const done of writes) done('closed');
  });
  return writes;
}

/** What pipes need of the ring. */
export interface PipedRing {
  /** Whether to wait for sinks that are full. */
  readonly halfLent: boolean;
  readonly writing: Writing | undefined;
  scheduleTurn(): void;
}

export class LendingPipes {
  readonly #stream: Readable;
  readonly #ring: PipedRing;
  /** The destination behind each 'data' listener that pipe() has added. */
  readonly #destinations = new Map<unknown, Writable>();
  /** Destinations that have said they are full, with the listener to their 'drain'. */
  readonly #full = new Map<Writable, () => void>();
  /** The destination that pipe() is just being called with. */
  #connecting: Writable | undefined;
  readonly threadWrites: ThreadWrites;

  constructor(stream: Readable, ring: PipedRing) {
    this.#stream = stream;
    this.#ring = ring;
    this.threadWrites = new ThreadWrites(
      ring.writing,
      (sink) => this.sinks?.length === 1 && this.sinks[0] === sink,
      () => ring.scheduleTurn(),
    );
  }

  /** To be called around Node's pipe(): remembers which 'data' listener is the destination's. */
  connect(destination: Writable, pipe: () => void): void {
    if (!this.#stream.listeners('newListener').includes(this.#onNewListener)) {
      this.#stream.on('newListener', this.#onNewListener);
    }
    this.#connecting = destination;
    try {
      pipe();
    } finally {
      this.#connecting = undefined;
    }
  }

  /** To be called after Node's unpipe(), which Node itself calls when a destination fails or closes. */
  disconnected(): void {
    const listeners = this.#listeners();
    for (const listener of this.#destinations.keys()) {
      if (!listeners.includes(listener as Listener)) this.#destinations.delete(listener);
    }
    const piped = new Set(this.#destinations.values());
    for (const [sink, drained] of this.#full) {
      if (!piped.has(sink)) drained();
    }
  }

  /** Whether there are destinations, and nobody listens to 'readable', for whom Node would let them wait. */
  get connected(): boolean {
    return this.#destinations.size > 0 && this.#stream.listenerCount('readable') === 0;
  }

  /** The terminal sinks that are all the consumers there are, or undefined when there is any other consumer, or none. */
  get sinks(): Writable[] | undefined {
    if (!this.connected || this.#stream.readableEncoding !== null) return undefined;
    const sinks: Writable[] = [];
    for (const listener of this.#listeners()) {
      const destination = this.#destinations.get(listener);
      if (!destination || !isTerminalSink(destination)) return undefined;
      sinks.push(destination);
    }
    return sinks.length > 0 ? sinks : undefined;
  }

  /** Writes the bytes of the slot that `lend` gets to all `sinks`; it is given back when the last of them is done with it. */
  lend(lend: (fitting: ChunkSize) => LentSlot, sinks: readonly Writable[]): void {
    const slot = lend(sinks.every(isFileSink) ? 'largest' : 'large');
    let pending = sinks.length;
    for (const sink of sinks) {
      const writes = writesTo(sink);
      const done: WriteCallback = (error) => {
        if (!writes.delete(done)) return;
        // An error, or an early end, says nothing about when the kernel or a pool thread stops reading: that memory is
        // not used again.
        if (error || isDestroyed(sink)) slot.abandon();
        else if (--pending === 0) slot.release();
      };
      writes.add(done);
      let more: unknown;
      try {
        more = sinks.length === 1 ? this.threadWrites.write(sink, slot, done) : sink.write(slot.data, done);
      } catch (error) {
        done(error);
        throw error;
      }
      // Compared as Node's pipe() does it: some write() return nothing.
      if (more === false) this.#awaitDrain(sink);
    }
    if (this.#full.size > 0 && (this.threadWrites.underWay || this.#ring.halfLent)) this.#stream.pause();
  }

  readonly #onNewListener = (event: string | symbol, listener: Listener): void => {
    if (event === 'readable' || event === 'data') this.threadWrites.interrupt();
    if (event === 'readable') this.#ring.scheduleTurn(); // Node tells nobody
    if (event !== 'data' || this.#connecting === undefined) return;
    // The first is Node's; the destination's 'pipe' listener may add more.
    this.#destinations.set(listener, this.#connecting);
    this.#connecting = undefined;
  };

  #listeners(): Listener[] {
    return this.#stream.rawListeners('data') as Listener[];
  }

  /** As Node's pipe() does for what it writes itself. */
  #awaitDrain(sink: Writable): void {
    // It may have been unpiped while it was written to.
    if (this.#full.has(sink) || ![...this.#destinations.values()].includes(sink)) return;
    const drained = (): void => {
      sink.removeListener('drain', drained);
      this.#full.delete(sink);
      if (this.#full.size === 0 && this.#stream.listenerCount('data') > 0) this.#stream.resume();
    };
    this.#full.set(sink, drained);
    sink.on('drain', drained);
  }
}

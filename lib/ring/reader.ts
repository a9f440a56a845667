import type { Gap, GapFinder } from './gap';
import type { Latency } from './latency';
import { FINISHED, NOTHING_READY, type NativeProducer } from '../native';
import type { Files, Rotation } from './position';

/** What `take()` returns when something is to be told before the next chunk, or before the end: see `notice`. */
export const NEWS = -3;

/** An event that stands between two chunks. */
export type Notice = readonly [event: 'gap', gap: Gap] | readonly [event: 'rotate', rotation: Rotation];

/**
 * Takes what is ready, without asking native code when it is known that nothing is, and finds out what is missing before it, and
 * whether it is of another file.
 */
export class RingReader {
  readonly #native: NativeProducer;
  /** Undefined when nothing can be dropped, or a batch of records knows for itself what is missing. */
  readonly #gaps: GapFinder | undefined;
  readonly #files: Files;
  readonly #latency: Latency;
  #listens = false;
  /** What native code has taken already. */
  #taken: number | undefined;
  /** What comes after the notices. */
  #held: number | undefined;
  readonly #notices: Notice[] = [];

  constructor(native: NativeProducer, gaps: GapFinder | undefined, files: Files, latency: Latency) {
    this.#native = native;
    this.#gaps = gaps;
    this.#files = files;
    this.#latency = latency;
  }

  /** Nothing is ready, and the doorbell will ring when something is. */
  get listens(): boolean {
    return this.#listens;
  }

  /** The doorbell rang. */
  rung(taken: number | undefined): void {
    this.#listens = false;
    this.#taken = taken ?? this.#taken;
  }

  /** After NEWS, once. */
  get notice(): Notice {
    return this.#notices.shift() as Notice;
  }

  /** A slot's index, FINISHED, NEWS or NOTHING_READY. */
  take(): number {
    if (this.#notices.length > 0) return NEWS;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    const index = this.#takeNext();
    if (index === NOTHING_READY) return NOTHING_READY;
    this.#latency.taken();
    const gap = index === FINISHED ? this.#gaps?.beforeEnd() : this.#gaps?.beforeChunk();
    const rotation = index === FINISHED ? undefined : this.#files.pass();
    if (!gap && !rotation) return index;
    if (gap) this.#notices.push(['gap', gap]);
    if (rotation) this.#notices.push(['rotate', rotation]);
    this.#held = index;
    return NEWS;
  }

  #takeNext(): number {
    if (this.#listens) return NOTHING_READY;
    const index = this.#taken ?? this.#native.take();
    this.#taken = undefined;
    this.#listens = index === NOTHING_READY;
    return index;
  }
}

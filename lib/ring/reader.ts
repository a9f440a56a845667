import type { Gap, GapFinder } from './gap';
import { FINISHED, NOTHING_READY, type NativeProducer } from '../native';

/** What `take()` returns when something is missing before the next chunk, or before the end: see `gap`. */
export const GAP = -3;

/**
 * Takes what is ready, without asking native code when it is known that nothing is, and finds out what is missing before it.
 */
export class RingReader {
  readonly #native: NativeProducer;
  /** Undefined when nothing can be dropped, or a batch of records knows for itself what is missing. */
  readonly #gaps: GapFinder | undefined;
  #listens = false;
  /** What native code has taken already. */
  #taken: number | undefined;
  /** What comes after the gap. */
  #held: number | undefined;
  #gap: Gap | undefined;

  constructor(native: NativeProducer, gaps: GapFinder | undefined) {
    this.#native = native;
    this.#gaps = gaps;
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

  /** After GAP. */
  get gap(): Gap | undefined {
    return this.#gap;
  }

  /** A slot's index, FINISHED, GAP or NOTHING_READY. */
  take(): number {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    const index = this.#takeNext();
    if (index === NOTHING_READY) return NOTHING_READY;
    this.#gap = index === FINISHED ? this.#gaps?.beforeEnd() : this.#gaps?.beforeChunk();
    if (!this.#gap) return index;
    this.#held = index;
    return GAP;
  }

  #takeNext(): number {
    if (this.#listens) return NOTHING_READY;
    const index = this.#taken ?? this.#native.take();
    this.#taken = undefined;
    this.#listens = index === NOTHING_READY;
    return index;
  }
}

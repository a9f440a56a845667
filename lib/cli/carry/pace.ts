/** So many bytes a second at most. */
import { setTimeout } from 'node:timers/promises';

/** Pieces are so small that so many go in a second. */
const PIECES_PER_SECOND = 20;

export class Pace {
  readonly #perMs: number;
  readonly #signal: AbortSignal;
  /** How many bytes to write at a time. */
  readonly piece: number;
  #due = 0;

  constructor(rate: number, signal: AbortSignal) {
    this.#perMs = rate / 1000;
    this.#signal = signal;
    this.piece = Math.max(1, Math.floor(rate / PIECES_PER_SECOND));
  }

  /** Waits after so many bytes. Time in which nothing came is not made up for. */
  async after(bytes: number): Promise<void> {
    const now = performance.now();
    this.#due = Math.max(this.#due, now) + bytes / this.#perMs;
    // Who stops has no patience.
    await setTimeout(this.#due - now, undefined, { signal: this.#signal }).catch(() => undefined);
  }
}

/** The loop of `stream.slots()`: lends one slot after the other, and takes each back at the next turn. */
import type { LentSlot, Slot } from './slot';

/** What the loop needs of the stream. */
export interface LoopedStream {
  /** Lends the next slot; undefined when none is ready, null at the end. Throws what the stream failed with. */
  lendNext(): LentSlot | null | undefined;
  setWaiting(waiting: boolean): void;
  /** The loop was left, early or not. */
  left(): void;
}

export class SlotLoop {
  readonly #stream: LoopedStream;
  #wake: (() => void) | undefined;

  constructor(stream: LoopedStream) {
    this.#stream = stream;
  }

  /** To be called when there may be something to lend, or the stream was destroyed. */
  wake(): void {
    this.#wake?.();
  }

  async *slots(): AsyncGenerator<Slot, void, undefined> {
    try {
      for (;;) {
        const slot = this.#stream.lendNext();
        if (slot === null) return;
        if (slot === undefined) {
          await this.#woken();
          continue;
        }
        try {
          yield slot;
        } finally {
          if (!slot.retained) slot.release();
        }
      }
    } finally {
      this.#stream.left();
    }
  }

  async #woken(): Promise<void> {
    this.#stream.setWaiting(true);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.#stream.setWaiting(false);
  }
}

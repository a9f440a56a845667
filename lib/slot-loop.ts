/** The loop of `stream.slots()`: lends one slot after the other, and takes each back at the next turn. */
import { FINISHED, GAP, NOTHING_READY, type Feed } from './feed';
import type { LentSlot } from './slot';

/** What the loop needs of the stream. */
export interface LoopedStream {
  /** What the stream was destroyed with; undefined when it was not, or when it has ended. */
  destroyedWith(): Error | undefined;
  lend(index: number): LentSlot;
  /** The slot is about to be handed on. */
  lent(slot: LentSlot): void;
  /** Something is missing before the next slot. */
  gap(): void;
  /** The end was reached. Returns what the stream failed with. */
  finish(): Error | undefined;
  /** The loop was left, early or not. */
  left(): void;
}

export class SlotLoop {
  readonly #feed: Feed;
  readonly #stream: LoopedStream;
  #wake: (() => void) | undefined;

  constructor(feed: Feed, stream: LoopedStream) {
    this.#feed = feed;
    this.#stream = stream;
  }

  /** To be called when there may be something to lend, or the stream was destroyed. */
  wake(): void {
    this.#wake?.();
  }

  async *slots(): AsyncGenerator<LentSlot, void, undefined> {
    try {
      for (;;) {
        const slot = this.#lendNext();
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

  /** The next slot; undefined when none is ready, null at the end. Throws what the stream failed with. */
  #lendNext(): LentSlot | null | undefined {
    const destroyedWith = this.#stream.destroyedWith();
    if (destroyedWith) throw destroyedWith;
    const index = this.#feed.take();
    if (index === NOTHING_READY) return undefined;
    if (index === GAP) {
      this.#stream.gap();
      return this.#lendNext();
    }
    if (index !== FINISHED) {
      const slot = this.#stream.lend(index);
      this.#stream.lent(slot);
      return slot;
    }
    const error = this.#stream.finish();
    if (error) throw error;
    return null;
  }

  async #woken(): Promise<void> {
    this.#feed.setWaiting(true);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.#feed.setWaiting(false);
  }
}

/** How large the memory of the next slot is, and how many slots have any. */
import type { ResolvedStreamOptions } from '../options';

/** Besides those that the consumer holds: one that is filled, and one that is filled next. */
const THREADS_SLOTS = 2;

/**
 * As large as a chunk of `node:fs`, with which a stream begins. It stays so for a consumer that may turn its chunks into text:
 * strings of more than 128 KiB are dear for V8, and lines cut out of them dearer. A ring of few small slots is a wake-up for
 * each, so there are as many as 2 MiB hold.
 */
export const SMALL = { size: 64 * 1024, slots: 32 } as const;

/** How many streams of this JavaScript thread go on past their first chunk, and choose their size themselves. */
let choosing = 0;

/** `amount`, or a half, a quarter ... of it for each of them. */
function share(amount: number): number {
  return amount >>> (32 - Math.clz32(Math.max(choosing, 1) - 1));
}

/**
 * What a consumer takes well: 'small' chunks, which may become text; 'large' ones; or 'largest', which a thread takes on that is
 * woken for each of them.
 */
export type ChunkSize = 'small' | 'large' | 'largest';

export interface SlotSizing {
  /** How many slots the ring has, at most. */
  readonly ring: number;
  /** What to call the number and the size of the slots at this moment. */
  readonly shape: { readonly slots: number; readonly slotSize: number };
  /** How much memory a slot gets that gets any now. */
  readonly size: number;
  /** How many slots get memory to begin with. */
  readonly first: number;
  /**
   * To be called for each chunk that was taken, with its length, what its consumer takes well, and how things are. Returns how
   * many slots are to have memory.
   */
  taken(length: number, fitting: ChunkSize, now: { armed: number; lent: number; ready: number }): number;
  close(): void;
}

/** The size that was asked for, or that the source needs. */
class GivenSize implements SlotSizing {
  readonly ring: number;
  readonly shape;
  readonly size: number;
  readonly first: number;
  readonly #grows: boolean;

  constructor({ slots, slotSize, growsFrom }: ResolvedStreamOptions) {
    this.ring = slots;
    this.shape = { slots, slotSize };
    this.size = slotSize;
    this.first = Math.min(growsFrom ?? slots, slots);
    this.#grows = growsFrom !== undefined;
  }

  /** Whoever grows loses data when its thread has to wait. */
  taken(_length: number, _fitting: ChunkSize, { armed, ready }: { armed: number; ready: number }): number {
    return Math.min(this.#grows && ready >= armed / 2 ? 2 * armed : armed, this.ring);
  }

  close(): void {}
}

/** Nobody asked for a size: it depends on the consumer, and on how many streams there are. */
class ChosenSize implements SlotSizing {
  readonly ring: number;
  readonly first: number;
  readonly #shapes: Record<ChunkSize, { readonly slots: number; readonly slotSize: number }>;
  /** Undefined until the second chunk: only then there is more to come. */
  #fitting: ChunkSize | undefined;
  #untouched = true;
  #closed = false;

  constructor({ slots, slotSize }: ResolvedStreamOptions) {
    const small = { slots: Math.max(SMALL.slots, slots), slotSize: Math.min(SMALL.size, slotSize) };
    this.#shapes = { small, large: { slots, slotSize }, largest: { slots, slotSize: 2 * slotSize } };
    this.ring = small.slots;
    this.first = Math.min(THREADS_SLOTS, slots);
  }

  get shape(): { readonly slots: number; readonly slotSize: number } {
    return this.#shapes[this.#fitting ?? 'large'];
  }

  get size(): number {
    const { small } = this.#shapes;
    const { slotSize } = this.#shapes[this.#fitting ?? 'small'];
    return Math.max(share(slotSize), small.slotSize);
  }

  taken(length: number, fitting: ChunkSize, { armed, lent }: { armed: number; lent: number }): number {
    if (this.#untouched) {
      this.#untouched = false;
      return armed;
    }
    if (this.#fitting === undefined && !this.#closed) choosing++;
    const { small, large } = this.#shapes;
    // Many slots of full size would be too much memory.
    this.#fitting = armed <= large.slots ? fitting : 'small';
    if (this.#fitting !== 'small') return Math.min(lent + THREADS_SLOTS, large.slots);
    const most = Math.max(share(small.slots), THREADS_SLOTS) + lent;
    return Math.min(Math.max(length < this.size ? armed : 2 * armed, lent + THREADS_SLOTS), most, this.ring);
  }

  close(): void {
    if (this.#fitting !== undefined && !this.#closed) choosing--;
    this.#closed = true;
  }
}

export function slotSizing(options: ResolvedStreamOptions): SlotSizing {
  return options.choosesSize ? new ChosenSize(options) : new GivenSize(options);
}

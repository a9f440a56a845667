/** A slot that is copied out piece by piece. Nobody ever sees its memory, so it can be filled again just as it is. */
import type { Delivered } from './stats';

export class HeldSlot {
  readonly #bytes: Uint8Array;
  readonly #delivered: Delivered;
  readonly #giveBack: () => void;
  #begin = 0;

  constructor(bytes: Uint8Array, delivered: Delivered, giveBack: () => void) {
    delivered.chunks++;
    this.#bytes = bytes;
    this.#delivered = delivered;
    this.#giveBack = giveBack;
  }

  /** How many bytes were not copied yet. */
  get left(): number {
    return this.#bytes.length - this.#begin;
  }

  /** Copies as much as there is room for, and returns how much that is. With its last byte the slot is given back. */
  copyTo(target: Uint8Array): number {
    const end = Math.min(this.#begin + target.length, this.#bytes.length);
    const length = end - this.#begin;
    target.set(this.#bytes.subarray(this.#begin, end));
    this.#begin = end;
    this.#delivered.bytes += length;
    if (this.left === 0) this.#giveBack();
    return length;
  }

  /** Gives it back although there is something left. */
  drop(): void {
    if (this.left > 0) this.#giveBack();
    this.#begin = this.#bytes.length;
  }
}

/** What is still to be handed on of a slot that was unpacked. */
import type { Gap } from '../ring';
import type { Unpacked, Unpacker } from '../records';

/** Who gets it. */
export interface Taker {
  /** Whether it wants more, now. */
  wants(): boolean;
  take(object: Unpacked): void;
  gap(gap: Gap): void;
}

export class Rest {
  #unpacker: Unpacker | undefined;

  /** Of a new slot. */
  begin(unpacker: Unpacker | undefined): void {
    this.#unpacker = unpacker;
  }

  /** Hands on as much as is wanted. False when there is nothing. */
  handOn(taker: Taker): boolean {
    if (!this.#unpacker) return false;
    while (this.#unpacker && taker.wants()) {
      const gap = this.#unpacker.gap();
      const object = gap ? undefined : this.#unpacker.next();
      if (gap) taker.gap(gap);
      else if (object === undefined) this.#unpacker = undefined;
      else taker.take(object);
    }
    return true;
  }

  /** Nobody wants it. */
  drop(): void {
    this.#unpacker?.drop();
    this.#unpacker = undefined;
  }
}

/** Memory that was lent, until the last message made of it is stored. */

/** A slot or a batch, which was retained. */
export interface Lent {
  release(): void;
}

/** How many are out, all together. */
export class Leases {
  out = 0;
}

/**
 * Given back when everything that was made of it is stored, and never before: the client sends the very bytes, whenever it
 * comes to it. After a failure nobody gives it back, and the garbage collector has it, when the client is done.
 */
export class Lease {
  readonly #lent: Lent;
  readonly #leases: Leases;
  #users = 1;

  /** Whoever makes it is its first user. */
  constructor(lent: Lent, leases: Leases) {
    this.#lent = lent;
    this.#leases = leases;
    leases.out++;
  }

  use(): void {
    this.#users++;
  }

  done(): void {
    if (--this.#users > 0) return;
    this.#leases.out--;
    this.#lent.release();
  }
}

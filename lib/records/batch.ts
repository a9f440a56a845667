/** Records that are lent, many at a time: nothing is made of one before it is asked for. */

/**
 * What lies in one slot, and whose memory goes back to the native thread when the consumer is done with it, from
 * `stream.batches()`. It is valid until the next turn of the loop, or until `release()`. Then `length` is 0, and so is that
 * of every view of the bytes.
 */
export interface Batch<Item> extends Iterable<Item>, Disposable {
  /** How many there are. */
  readonly length: number;
  /** The bytes of all of them, one after the other, with what lies between them. */
  readonly data: Buffer;
  /** The number of the first one, where the stream's are counted from 0, the missing ones too. */
  readonly sequence: number;
  /** When the batch was made: nanoseconds of CLOCK_MONOTONIC, as `process.hrtime.bigint()`. */
  readonly timestamp: bigint;
  /** The `index`th one. Its bytes are a view of the batch's. Undefined when there is none. */
  at(index: number): Item | undefined;
  /** How many bytes the `index`th one has, without making anything. 0 when there is none. */
  size(index: number): number;
  /** Where in `data` the `index`th one begins, without making anything. 0 when there is none. */
  offset(index: number): number;
  /** Gives the memory back. In any order, from anywhere; the second time does nothing. */
  release(): void;
  /** Keeps the batch beyond the turn of the loop: from now on the caller has to release it. */
  retain(): this;
}

/** Who has lent the memory. */
export interface Loan {
  release(): void;
  retain(): unknown;
}

/** What batches of every kind are. */
export abstract class LentBatch<Item> implements Batch<Item> {
  readonly data: Buffer;
  readonly sequence: number;
  readonly timestamp: bigint;
  readonly #loan: Loan;

  constructor(data: Buffer, sequence: number, timestamp: bigint, loan: Loan) {
    this.data = data;
    this.sequence = sequence;
    this.timestamp = timestamp;
    this.#loan = loan;
  }

  abstract get length(): number;
  abstract at(index: number): Item | undefined;
  abstract size(index: number): number;
  abstract offset(index: number): number;

  *[Symbol.iterator](): IterableIterator<Item> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Item;
  }

  release(): void {
    this.#loan.release();
  }

  retain(): this {
    this.#loan.retain();
    return this;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  protected has(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.length;
  }
}

/** A slot full of datagrams that is lent: nothing is made of one before it is asked for. */
import { ReceivedDatagram, type Datagram } from './datagram';
import type { DatagramTable } from './datagram-table';
import type { Slot } from '../ring';

/**
 * Datagrams whose memory goes back to the native thread when the consumer is done with them, from `stream.batches()`. They
 * are valid until the next turn of the loop, or until `release()`. Then `length` is 0, and so is that of every view of
 * their bytes.
 */
export interface DatagramBatch extends Iterable<Datagram>, Disposable {
  /** How many datagrams there are. */
  readonly length: number;
  /** The bytes of all of them, one after the other. */
  readonly data: Buffer;
  /** Counts the stream's datagrams from 0, without those that the system dropped. */
  readonly sequence: number;
  /** When the batch was made: nanoseconds of CLOCK_MONOTONIC, as `process.hrtime.bigint()`. */
  readonly timestamp: bigint;
  /** The `index`th datagram. Its data is a view of the batch's. Undefined when there is none. */
  at(index: number): Datagram | undefined;
  /** How many bytes the `index`th datagram has, without making anything. 0 when there is none. */
  size(index: number): number;
  /** Where in `data` the `index`th datagram begins, without making anything. */
  offset(index: number): number;
  /** Gives the memory back. In any order, from anywhere; the second time does nothing. */
  release(): void;
  /** Keeps the batch beyond the turn of the loop: from now on the caller has to release it. */
  retain(): this;
}

export class LentBatch implements DatagramBatch {
  readonly data: Buffer;
  readonly sequence: number;
  readonly timestamp: bigint;
  readonly #slot: Slot;
  readonly #table: DatagramTable;
  #kept: DatagramTable | undefined;

  constructor(slot: Slot, table: DatagramTable, sequence: number) {
    this.data = slot.data;
    this.timestamp = slot.timestamp;
    this.sequence = sequence;
    this.#slot = slot;
    this.#table = table;
  }

  get length(): number {
    return this.#table.count;
  }

  at(index: number): Datagram | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    const begin = this.#table.offset(index);
    // What is known of a datagram stays when its bytes go.
    this.#kept ??= this.#table.slice(0, this.length);
    return new ReceivedDatagram(this.data.subarray(begin, begin + this.#table.length(index)), this.#kept, index);
  }

  size(index: number): number {
    return this.#table.length(index) ?? 0;
  }

  offset(index: number): number {
    return this.#table.offset(index) ?? 0;
  }

  *[Symbol.iterator](): IterableIterator<Datagram> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Datagram;
  }

  release(): void {
    this.#slot.release();
  }

  retain(): this {
    this.#slot.retain();
    return this;
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

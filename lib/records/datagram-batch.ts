/** A slot full of datagrams that is lent: nothing is made of one before it is asked for. */
import { ReceivedDatagram, type Datagram } from './datagram';
import type { DatagramTable } from './datagram-table';
import { type Batch, LentBatch } from './batch';
import type { Slot } from '../ring';

/** Datagrams that are lent, from `stream.batches()`. `sequence` does not count those that the system dropped. */
export type DatagramBatch = Batch<Datagram>;

export class LentDatagrams extends LentBatch<Datagram> {
  readonly #table: DatagramTable;
  #kept: DatagramTable | undefined;

  constructor(slot: Slot, table: DatagramTable, sequence: number) {
    super(slot.data, sequence, slot.timestamp, slot);
    this.#table = table;
  }

  get length(): number {
    return this.#table.count;
  }

  at(index: number): Datagram | undefined {
    if (!this.has(index)) return undefined;
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
}

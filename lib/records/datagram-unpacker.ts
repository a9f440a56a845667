/** Makes datagrams from a slot, each with memory of its own. */
import { allocateFor, type CountedGap } from '../ring';
import type { RecordSlot } from './record-slot';
import { ReceivedDatagram } from './datagram';
import type { DatagramGaps } from './datagram-gaps';
import type { DatagramTable } from './datagram-table';
import type { Unpacker } from './unpacker';

/** For so many datagrams the table is copied at a time. Who keeps one keeps 3 KiB of it. */
const ENTRIES = 64;

/** What was handed on so far. */
interface Delivered {
  datagrams: number;
  bytes: number;
}

export class DatagramUnpacker implements Unpacker {
  readonly #slot: RecordSlot;
  readonly #table: DatagramTable;
  readonly #count: number;
  /** What is missing before and between the datagrams that are left. */
  readonly #gaps: CountedGap[];
  /** The number of the next datagram, or of the first that is missing before it. */
  #sequence: number;
  readonly #delivered: Delivered;
  #next = 0;
  /** A copy of the part of the table that is about the datagrams from `#partBegin` up to `#partEnd`. */
  #part: DatagramTable;
  #partBegin = 0;
  #partEnd = 0;

  constructor(slot: RecordSlot, table: DatagramTable, gaps: DatagramGaps, delivered: Delivered) {
    this.#slot = slot;
    this.#table = table;
    this.#part = table;
    this.#count = table.count;
    this.#sequence = gaps.sequence;
    this.#gaps = gaps.pass(table, slot);
    this.#delivered = delivered;
  }

  gap(): CountedGap | undefined {
    if (this.#gaps.length === 0) return undefined;
    const gap = this.#gaps[0] as CountedGap;
    if (gap.sequence !== this.#sequence) return undefined;
    this.#sequence += gap.droppedChunks;
    return this.#gaps.shift();
  }

  next(): ReceivedDatagram | undefined {
    const index = this.#next;
    if (index === this.#count) {
      this.#slot.release();
      return undefined;
    }
    if (index === this.#partEnd) this.#copyPart(index);
    const begin = this.#table.offset(index);
    const length = this.#table.length(index);
    const data = allocateFor(length);
    this.#slot.data.copy(data, 0, begin, begin + length);
    this.#next++;
    this.#sequence++;
    this.#delivered.datagrams++;
    this.#delivered.bytes += length;
    return new ReceivedDatagram(data, this.#part, index - this.#partBegin);
  }

  drop(): void {
    this.#slot.release();
  }

  #copyPart(begin: number): void {
    this.#partBegin = begin;
    this.#partEnd = Math.min(begin + ENTRIES, this.#count);
    this.#part = this.#table.slice(begin, this.#partEnd);
  }
}

/** Makes datagrams from a slot, each with memory of its own. */
import { ReceivedDatagram } from './datagram';
import type { DatagramGaps } from './datagram-gaps';
import type { DatagramTable } from './datagram-table';
import type { Gap } from './gap';
import type { LentSlot } from './slot';
import type { Unpacker } from './unpacker';

/**
 * Small datagrams share memory of this size, as small Buffers of Node's do: copied together they cost a third less, and who
 * keeps one keeps no more than this.
 */
const BLOCK_SIZE = 8192;

const NOTHING = Buffer.alloc(0);

/** What was handed on so far. */
interface Delivered {
  datagrams: number;
  bytes: number;
}

export class DatagramUnpacker implements Unpacker {
  readonly #slot: LentSlot;
  readonly #table: DatagramTable;
  readonly #count: number;
  /** What is missing before and between the datagrams that are left. */
  readonly #gaps: Gap[];
  /** The number of the next datagram, or of the first that is missing before it. */
  #sequence: number;
  readonly #delivered: Delivered;
  #next = 0;
  /** A copy of the datagrams from `#blockBegin` up to `#blockEnd`, and of their part of the table. */
  #block: Buffer = NOTHING;
  #blockTable: DatagramTable;
  #blockBegin = 0;
  #blockEnd = 0;
  /** Where in the slot their bytes begin. */
  #blockOffset = 0;

  constructor(slot: LentSlot, table: DatagramTable, gaps: DatagramGaps, delivered: Delivered) {
    this.#slot = slot;
    this.#table = table;
    this.#blockTable = table;
    this.#count = table.count;
    this.#sequence = gaps.sequence;
    this.#gaps = gaps.pass(table, slot);
    this.#delivered = delivered;
  }

  gap(): Gap | undefined {
    if (this.#gaps.length === 0) return undefined;
    const gap = this.#gaps[0] as Gap;
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
    if (index === this.#blockEnd) this.#copyBlock(index);
    const table = this.#blockTable;
    const entry = index - this.#blockBegin;
    const length = table.length(entry);
    const begin = table.offset(entry) - this.#blockOffset;
    this.#next++;
    this.#sequence++;
    this.#delivered.datagrams++;
    this.#delivered.bytes += length;
    return new ReceivedDatagram(this.#block.subarray(begin, begin + length), table, entry);
  }

  /** Copies this datagram, and those that follow it as far as they fit. */
  #copyBlock(first: number): void {
    const table = this.#table;
    const begin = table.offset(first);
    let bytes = table.length(first);
    let next = first + 1;
    for (; next < this.#count; next++) {
      const more = table.offset(next) + table.length(next) - begin;
      if (more > BLOCK_SIZE) break;
      bytes = more;
    }
    this.#block = Buffer.allocUnsafeSlow(bytes);
    this.#slot.data.copy(this.#block, 0, begin, begin + bytes);
    this.#blockTable = table.slice(first, next);
    this.#blockBegin = first;
    this.#blockEnd = next;
    this.#blockOffset = begin;
  }
}

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

/** What was handed on so far. */
interface Delivered {
  datagrams: number;
  bytes: number;
}

export class DatagramUnpacker implements Unpacker {
  readonly #slot: LentSlot;
  readonly #table: DatagramTable;
  readonly #count: number;
  readonly #gaps: DatagramGaps;
  readonly #delivered: Delivered;
  #next = 0;
  /** The copy of the next datagrams, up to `#blockEnd` in the slot. */
  #block: Buffer | undefined;
  #blockBegin = 0;
  #blockEnd = 0;

  constructor(slot: LentSlot, table: DatagramTable, gaps: DatagramGaps, delivered: Delivered) {
    this.#slot = slot;
    this.#table = table;
    this.#count = table.count;
    this.#gaps = gaps;
    this.#delivered = delivered;
  }

  gap(): Gap | undefined {
    const index = this.#next;
    if (index === this.#count) return undefined;
    const { before, bytesBefore } = this.#slot.records;
    return this.#gaps.before(before + index, bytesBefore + this.#table.offset(index), this.#table.lost(index));
  }

  next(): ReceivedDatagram | undefined {
    const index = this.#next;
    if (index === this.#count) {
      this.#slot.release();
      return undefined;
    }
    const data = this.#copy(index);
    this.#next++;
    this.#gaps.pass(data.length);
    this.#delivered.datagrams++;
    this.#delivered.bytes += data.length;
    return new ReceivedDatagram(data, this.#table, index);
  }

  #copy(index: number): Buffer {
    const begin = this.#table.offset(index);
    const end = begin + this.#table.length(index);
    if (!this.#block || end > this.#blockEnd) this.#copyBlock(index, begin, end);
    return (this.#block as Buffer).subarray(begin - this.#blockBegin, end - this.#blockBegin);
  }

  /** Copies this datagram, and those that follow it as far as they fit. */
  #copyBlock(index: number, begin: number, end: number): void {
    for (let i = index + 1; i < this.#count; i++) {
      const next = this.#table.offset(i) + this.#table.length(i);
      if (next - begin > BLOCK_SIZE) break;
      end = next;
    }
    const block = Buffer.allocUnsafeSlow(end - begin);
    this.#table.data.copy(block, 0, begin, end);
    this.#block = block;
    this.#blockBegin = begin;
    this.#blockEnd = end;
  }
}

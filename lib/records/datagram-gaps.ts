/** What is missing between the datagrams that a consumer gets. */
import type { DatagramTable } from './datagram-table';
import type { CountedGap } from '../ring';
import type { RecordSlot } from './record-slot';

/** Where the consumer is: everything before this was handed on, or is known to be missing. */
export class DatagramGaps {
  /** Datagrams that the source received. */
  #received = 0;
  /** Their bytes. */
  #bytes = 0;
  /** Datagrams that the system dropped before the source received them. Nobody knows their bytes. */
  #lost = 0;

  /** That of the next datagram, or of the first that is missing before it. */
  get sequence(): number {
    return this.#received + this.#lost;
  }

  /** The datagrams of a slot are handed on. Returns what is missing before and between them. */
  pass(table: DatagramTable, { data, records }: RecordSlot): CountedGap[] {
    const { count } = table;
    const { before, bytesBefore } = records;
    const gaps: CountedGap[] = [];
    for (let i = 0; i < count;) {
      const gap = this.before(before + i, bytesBefore + table.offset(i), table.lost(i));
      if (gap) gaps.push(gap);
      // Mostly nothing is missing, and one look at the last one is enough.
      const end = table.lost(count - 1) === this.#lost ? count : i + 1;
      this.#received = before + end;
      this.#bytes = bytesBefore + (end < count ? table.offset(end) : data.length);
      i = end;
    }
    return gaps;
  }

  /** What is missing before a datagram, or the end, before which there were so many. Told once. */
  before(received: number, bytes: number, lost: number): CountedGap | undefined {
    if (received === this.#received && lost === this.#lost) return undefined;
    const gap = {
      droppedChunks: received - this.#received + lost - this.#lost,
      droppedBytes: bytes - this.#bytes,
      sequence: this.sequence,
    };
    this.#received = received;
    this.#bytes = bytes;
    this.#lost = lost;
    return gap;
  }
}

/** What is missing between the datagrams that a consumer gets. */
import type { DatagramTable } from './datagram-table';
import type { Gap } from './gap';
import type { Records } from './slot';

/** Where the consumer is: everything before this was handed on, or is known to be missing. */
export class DatagramGaps {
  /** Datagrams that the source received. */
  #received = 0;
  /** Their bytes. */
  #bytes = 0;
  /** Datagrams that the system dropped before the source received them. Nobody knows their bytes. */
  #lost = 0;

  /** What is missing before a datagram, or the end, before which there were so many. Told once. */
  before(received: number, bytes: number, lost: number): Gap | undefined {
    if (received === this.#received && lost === this.#lost) return undefined;
    const gap = {
      droppedChunks: received - this.#received + lost - this.#lost,
      droppedBytes: bytes - this.#bytes,
      sequence: this.#received + this.#lost,
    };
    this.#received = received;
    this.#bytes = bytes;
    this.#lost = lost;
    return gap;
  }

  /** The next datagram was handed on. */
  pass(bytes: number): void {
    this.#received++;
    this.#bytes += bytes;
  }

  /** All datagrams of a slot were handed on. Returns what was missing before and between them. */
  passAll(table: DatagramTable, { before, bytesBefore }: Records): Gap[] {
    const { count } = table;
    const gaps: Gap[] = [];
    for (let i = 0; i < count;) {
      const gap = this.before(before + i, bytesBefore + table.offset(i), table.lost(i));
      if (gap) gaps.push(gap);
      // Mostly nothing is missing, and one look at the last one is enough.
      const end = table.lost(count - 1) === this.#lost ? count : i + 1;
      this.#received = before + end;
      this.#bytes = bytesBefore + (end < count ? table.offset(end) : table.data.length);
      i = end;
    }
    return gaps;
  }
}

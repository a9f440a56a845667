/** Datagrams on their way into files: encoded, counted, and cut where a file ends. */
import type { Loan, Outlet, Way } from '../carry';
import type { DatagramBatch } from '../../records';
import type { Encode, Encoded } from './formats';

export class Recording {
  readonly #encode: Encode;
  /** How many may still come. */
  #left: number;
  /** How many were written. */
  datagrams = 0;
  /** And of the present batch. */
  #counted = 0;

  constructor(encode: Encode, most: number) {
    this.#encode = encode;
    this.#left = most;
  }

  /** `enough` is called when no more may come. */
  async *encoded(
    batches: AsyncIterable<DatagramBatch>,
    enough: () => void,
  ): AsyncGenerator<Loan & Encoded, void, undefined> {
    for await (const batch of batches) {
      const count = Math.min(batch.length, this.#left);
      this.#left -= count;
      yield this.#encode(batch, count);
      if (this.#left > 0) continue;
      enough();
      return;
    }
  }

  /** A batch is written: also the empty datagrams in it, of which there may be nothing to write. */
  readonly onWritten = (loan: Loan): void => {
    this.#count((loan as Encoded).ends.length);
    this.#counted = 0;
  };

  /** `room`: how many bytes go into the present file. A datagram is never cut. */
  way(outlet: Outlet, room: () => number): Way {
    return {
      write: async (bytes, loan) => {
        const { ends } = loan as Encoded;
        for (let begin = 0, i = 0; begin < bytes.length;) {
          const most = begin + room();
          // One at least: it may be larger than any file.
          do i++;
          while (i < ends.length && (ends[i] as number) <= most);
          const end = ends[i - 1] as number;
          await outlet.write(bytes.subarray(begin, end));
          this.#count(i);
          begin = end;
        }
      },
    };
  }

  #count(written: number): void {
    this.datagrams += written - this.#counted;
    this.#counted = written;
  }
}

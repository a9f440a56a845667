/** A batch of what the producer thread has found in a stream of bytes. */
import type { Batch } from './batch';
import type { RecordStrings } from './record-strings';
import type { RecordView } from './record-view';
import { revoke } from '../ring';

/** Records that are lent, from `stream.batches()`. */
export interface RecordBatch extends Batch<Buffer> {
  /**
   * How many bytes of the stream lie before `data`, those that are missing included as far as they are known; with SLIP and
   * COBS, of what is in the frames.
   */
  readonly position: number;
  /** The last record has not ended, but nothing more of it has come for a while: see `flushAfter`. */
  readonly unfinished: boolean;
  /** The `index`th record as a string, in the stream's `encoding` or UTF-8. Undefined when there is none. */
  string(index: number): string | undefined;
  /** All of them as strings, for a fraction of what `string()` costs for each. They stay. */
  strings(): string[];
}

/** Who has lent the memory. */
export interface Loan {
  release(): void;
  retain(): unknown;
}

export class LentRecords implements RecordBatch {
  readonly data: Buffer;
  readonly sequence: number;
  readonly position: number;
  readonly timestamp: bigint;
  readonly unfinished: boolean;
  readonly #view: RecordView;
  readonly #loan: Loan;
  readonly #strings: RecordStrings;
  retained = false;

  constructor(view: RecordView, loan: Loan, strings: RecordStrings) {
    this.data = view.data;
    this.sequence = view.before;
    this.position = view.bytesBefore;
    this.timestamp = view.timestamp;
    this.unfinished = view.unfinished;
    this.#view = view;
    this.#loan = loan;
    this.#strings = strings;
  }

  get length(): number {
    return this.#view.count;
  }

  at(index: number): Buffer | undefined {
    return this.#has(index) ? this.data.subarray(this.#view.begin(index), this.#view.end(index)) : undefined;
  }

  size(index: number): number {
    return this.#has(index) ? this.#view.end(index) - this.#view.begin(index) : 0;
  }

  offset(index: number): number {
    return this.#has(index) ? this.#view.begin(index) : 0;
  }

  string(index: number): string | undefined {
    return this.#has(index) ? this.#strings.one(this.#view, index) : undefined;
  }

  strings(): string[] {
    return this.#strings.all(this.#view);
  }

  *[Symbol.iterator](): IterableIterator<Buffer> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Buffer;
  }

  release(): void {
    this.#loan.release();
    if (this.#view.isCopy) revoke(this.#view.data.buffer as ArrayBuffer);
  }

  retain(): this {
    this.#loan.retain();
    this.retained = true;
    return this;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #has(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.length;
  }
}

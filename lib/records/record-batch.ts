/** A batch of what the producer thread has found in a stream of bytes. */
import { type Batch, LentBatch, type Loan } from './batch';
import type { RecordStrings } from './record-strings';
import type { RecordView } from './record-view';
import { type Position, revoke } from '../ring';

/** Records that are lent, from `stream.batches()`. */
export interface RecordBatch extends Batch<Buffer> {
  /**
   * Where in a file the first record begins, with the prefix or the escapes that are taken off. Undefined for what is no file, or
   * not stored anywhere.
   */
  readonly position: Position | undefined;
  /**
   * How many bytes of the stream lie before `data`, those that are missing included as far as they are known; with SLIP and
   * COBS, of what is in the frames.
   */
  readonly bytesBefore: number;
  /** The last record has not ended, but nothing more of it has come for a while: see `flushAfter`. */
  readonly unfinished: boolean;
  /**
   * What is behind the `index`th record in its file, and behind what ends it: where to read on when all up to that one are done
   * with. Without `index` behind the last one. Undefined where there is no `position`; and with SLIP and COBS for all but the
   * last one.
   */
  end(index?: number): Position | undefined;
  /** The `index`th record as a string, in the stream's `encoding` or UTF-8. Undefined when there is none. */
  string(index: number): string | undefined;
  /** All of them as strings, for a fraction of what `string()` costs for each. They stay. */
  strings(): string[];
}

export class LentRecords extends LentBatch<Buffer> implements RecordBatch {
  readonly bytesBefore: number;
  readonly unfinished: boolean;
  readonly #view: RecordView;
  readonly #strings: RecordStrings;
  retained = false;

  constructor(view: RecordView, loan: Loan, strings: RecordStrings) {
    super(view.data, view.before, view.timestamp, loan);
    this.bytesBefore = view.bytesBefore;
    this.unfinished = view.unfinished;
    this.#view = view;
    this.#strings = strings;
  }

  get length(): number {
    return this.#view.count;
  }

  get position(): Position | undefined {
    return this.#view.position;
  }

  end(index?: number): Position | undefined {
    return this.#view.positionBehind(index);
  }

  at(index: number): Buffer | undefined {
    return this.has(index) ? this.data.subarray(this.#view.begin(index), this.#view.end(index)) : undefined;
  }

  size(index: number): number {
    return this.#view.size(index);
  }

  offset(index: number): number {
    return this.has(index) ? this.#view.begin(index) : 0;
  }

  string(index: number): string | undefined {
    return this.has(index) ? this.#strings.one(this.#view, index) : undefined;
  }

  strings(): string[] {
    return this.#strings.all(this.#view);
  }

  override release(): void {
    super.release();
    if (this.#view.isCopy) revoke(this.data.buffer as ArrayBuffer);
  }

  override retain(): this {
    this.retained = true;
    return super.retain();
  }
}

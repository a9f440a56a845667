/** Makes the records of a slot into chunks: Buffers of their own, or strings. */
import { allocateFor } from '../ring';
import type { RecordStrings } from './record-strings';
import type { RecordView } from './record-view';
import type { Unpacker } from './unpacker';

/** How a stream hands records on: it may be told otherwise in the middle of a slot. */
export interface Handing {
  /** How many were. */
  records: number;
  /** They are strings. */
  isText: boolean;
  strings: RecordStrings;
}

export class RecordUnpacker implements Unpacker {
  readonly #view: RecordView;
  readonly #release: () => void;
  readonly #handing: Handing;
  readonly #asStrings: boolean;
  #next = 0;
  /** Strings that are made already, and by what: of the records before `#made`. */
  #ready: string[] = [];
  #made = 0;
  #by: RecordStrings | undefined;

  /** `asStrings`: as such in any case. */
  constructor(view: RecordView, release: () => void, handing: Handing, asStrings: boolean) {
    this.#view = view;
    this.#release = release;
    this.#handing = handing;
    this.#asStrings = asStrings;
  }

  /** What is missing is missing between slots, and the stream knows. */
  gap(): undefined {
    return undefined;
  }

  next(): Buffer | string | undefined {
    if (this.#next === this.#view.count) {
      this.#release();
      return undefined;
    }
    this.#handing.records++;
    const index = this.#next++;
    if (this.#asStrings || this.#handing.isText) return this.#string(this.#handing.strings, index);
    return copyOfBytes(this.#view.data, this.#view.begin(index), this.#view.end(index));
  }

  drop(): void {
    this.#release();
  }

  #string(strings: RecordStrings, index: number): string {
    if (index === this.#made || strings !== this.#by) {
      this.#by = strings;
      this.#made = strings.endOfPiece(this.#view, index);
      this.#ready = strings.piece(this.#view, index, this.#made);
    }
    return this.#ready[this.#ready.length - (this.#made - index)] as string;
  }
}

/** Of a slot in which no record ends. */
export const NO_RECORDS: Unpacker = { gap: () => undefined, next: () => undefined, drop: () => undefined };

/** A small one lies in Node's pool: memory of its own costs more than ten times as much. */
export function copyOfBytes(bytes: Buffer, begin: number, end: number): Buffer {
  const length = end - begin;
  const copy = length < Buffer.poolSize >>> 1 ? Buffer.allocUnsafe(length) : allocateFor(length);
  bytes.copy(copy, 0, begin, end);
  return copy;
}

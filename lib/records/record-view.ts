/** What a slot holds when its chunk is whole records: their bytes, and where each begins and ends. */
import type { RecordSlot } from './record-slot';
import {
  allocateFor,
  END,
  type Framing,
  type Position,
  positionBehind,
  positionIn,
  type Records,
  tableBegin,
  UNFINISHED,
} from '../ring';

/** For each record: what another module exports is looked up every time. */
const MASK = END;

/** How many records, and bytes, lie before some of them; and where in their file they begin. */
interface Place extends Pick<Records, 'before' | 'bytesBefore'> {
  fileOffset: number;
}

function placeOf({ records, fileOffset = 0 }: RecordSlot): Place {
  return { before: records.before, bytesBefore: records.bytesBefore, fileOffset };
}

export class RecordView {
  readonly data: Buffer;
  readonly timestamp: bigint;
  /** How many records, and bytes, came before, what is missing included. */
  readonly before: number;
  readonly bytesBefore: number;
  /** Signed: so each is a small integer for V8. */
  readonly #ends: Int32Array;
  readonly #head: number;
  readonly #tail: number;
  /** The bytes of the slots before, when the one record of this one has begun there. */
  readonly #joined: number;
  readonly #isDecoded: boolean;
  /** The index of the last record, also when there is none any more. */
  readonly #last: number;
  readonly #file: string | undefined;
  readonly #fileOffset: number;
  readonly #fileEnd: number;
  readonly #fileModified: number | undefined;

  /** When the slot's memory is taken back, and the table with it, there are no records any more. `data` begins with `before`. */
  constructor(slot: RecordSlot, data: Buffer, place: Place, { head, tail, isDecoded }: Framing) {
    this.data = data;
    this.timestamp = slot.timestamp;
    this.before = place.before;
    this.bytesBefore = place.bytesBefore;
    this.#ends = endsOf(slot);
    this.#head = head;
    this.#tail = tail;
    this.#joined = data.length - slot.data.length;
    this.#isDecoded = isDecoded;
    this.#last = slot.records.count - 1;
    this.#file = slot.file;
    this.#fileOffset = place.fileOffset;
    this.#fileEnd = slot.fileEnd ?? 0;
    this.#fileModified = slot.fileModified;
  }

  /** Whether the bytes are not the slot's, but a copy. */
  get isCopy(): boolean {
    return this.#joined > 0;
  }

  get count(): number {
    return this.#ends.length;
  }

  /** The last record has not ended, but nothing of it has come for a while. */
  get unfinished(): boolean {
    return ((this.#ends[this.#ends.length - 1] ?? 0) & UNFINISHED) !== 0;
  }

  begin(index: number): number {
    if (index === 0) return this.#head;
    const before = this.#ends[index - 1] as number;
    return (before & MASK) + (before < 0 ? 1 : 0) + this.#tail + this.#head;
  }

  end(index: number): number {
    return ((this.#ends[index] as number) & MASK) + this.#joined;
  }

  /** 0 when there is none. Programs ask for that of every record: one look at the table says that there is one. */
  size(index: number): number {
    const entry = Number.isInteger(index) ? this.#ends[index] : undefined;
    return entry === undefined ? 0 : (entry & MASK) + this.#joined - this.begin(index);
  }

  /** Where in a file the first record begins, with what is before it. */
  get position(): Position | undefined {
    return this.#file === undefined ? undefined : positionIn(this.#file, this.#fileOffset, this.#fileModified);
  }

  /** What is behind the `index`th record there, and behind what ends it. Undefined when nobody knows. */
  positionBehind(index = this.#last): Position | undefined {
    const { position } = this;
    const isLast = index === this.#last;
    if (position === undefined || (!isLast && (this.#isDecoded || this.#ends[index] === undefined))) return undefined;
    if (this.#isDecoded) return positionIn(position.file, this.#fileEnd, this.#fileModified);
    const length = isLast ? this.#fileEnd - position.offset : this.begin(index + 1) - this.#head;
    return positionBehind(position, length, this.data);
  }

  /**
   * Cuts some records out of `text`, in which each byte from the begin of the `first` one on is a character, and puts them into
   * `strings`, from `at` on.
   */
  cut(text: string, first: number, next: number, strings: string[], at: number): void {
    const origin = this.begin(first);
    const between = this.#tail + this.#head;
    let begin = 0;
    for (let i = first; i < next; i++) {
      const entry = this.#ends[i] as number;
      const end = (entry & MASK) + this.#joined - origin;
      strings[at++] = text.substring(begin, end);
      begin = end + (entry < 0 ? 1 : 0) + between;
    }
  }
}

/** The table of a slot, which native code has put behind its data. */
function endsOf({ data, records }: RecordSlot): Int32Array {
  return new Int32Array(data.buffer as ArrayBuffer, data.byteOffset + tableBegin(data.length), records.count);
}

/** Makes views of slots, and one of the slots that a long record was handed on in. */
export class RecordJoiner {
  readonly #framing: Framing;
  #parts: Buffer[] = [];
  /** Where the record began that goes on. */
  #place: Place | undefined;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** Undefined while a record goes on. What is not lent by then has been copied, and the slot given back. */
  view(slot: RecordSlot): RecordView | undefined {
    const { data, records } = slot;
    if (records.count === 0) {
      this.#place ??= placeOf(slot);
      this.#parts.push(Buffer.from(data));
      slot.release();
      return undefined;
    }
    if (!this.#place) return new RecordView(slot, data, placeOf(slot), this.#framing);
    const view = new RecordView(slot, join([...this.#parts, data]), this.#place, this.#framing);
    this.#parts = [];
    this.#place = undefined;
    return view;
  }
}

/** In memory that is nobody else's, so that it can be taken back. */
function join(parts: Buffer[]): Buffer {
  const joined = allocateFor(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) length += part.copy(joined, length);
  return joined;
}

/** A chunk that is lent: what the consumer sees of a slot, and how it gives the slot back. */
import { tableBegin } from './framing';
import { type Position, positionBehind, positionIn } from './position';

/**
 * A chunk whose memory goes back to the native thread when the consumer is done with it, from `stream.slots()`. It is
 * valid until the next turn of the loop, or until `release()`. Then `data` and every view of its memory have length 0.
 *
 * Whatever works on the bytes has to be done by then. Do not give `data` to a write that nobody waits for: `retain()` the
 * slot and release it in the write's callback, or pipe the stream. (Node's zlib aborts the process when its input is
 * taken away.)
 */
export interface Slot extends Disposable {
  /** The bytes. Empty after release. */
  readonly data: Buffer;
  /** Counts the stream's chunks from 0. */
  readonly sequence: number;
  /** When the chunk was filled: nanoseconds of CLOCK_MONOTONIC, as `process.hrtime.bigint()`. */
  readonly timestamp: bigint;
  /** What a plugin said of the chunk: 64 bits whose meaning is the plugin's own. 0n for every other source. */
  readonly user: bigint;
  /** Where in a file the chunk's first byte is from. Undefined for what is no file, or not stored anywhere. */
  readonly position: Position | undefined;
  /** What is behind its last byte: where to read on after it. */
  readonly end: Position | undefined;
  /** When the chunk is a batch of records: how many. 0 for every other chunk. */
  readonly recordCount: number;
  /**
   * The entries that the source wrote for its records, one behind the other; what is in them is the source's own. Empty
   * when there are no records, and after release, as `data`.
   */
  readonly recordTable: Buffer;
  /** Gives the memory back. In any order, from anywhere; the second time does nothing. */
  release(): void;
  /** Keeps the slot beyond the turn of the loop: from now on the caller has to release it. */
  retain(): this;
}

/** What native code says of a chunk. */
export interface SlotFacts {
  sequence: number;
  timestamp: bigint;
  user: bigint;
  /** See `Position`. */
  file: string | undefined;
  fileOffset: number;
  fileEnd: number;
  fileModified: number;
  records: Records;
}

/** What native code says of the records in a slot, when its chunk is a batch of them. */
export interface Records {
  count: number;
  /** Bytes of an entry of their table. */
  size: number;
  /** How many came before, what was dropped included; and their bytes. */
  before: number;
  bytesBefore: number;
}

/** Where a lent slot's memory goes when the consumer is done with it. */
export interface Lender {
  /** The memory is nobody's now: stale views are revoked and the slot is armed with it. */
  takeBack(index: number, memory: ArrayBuffer): void;
  /** The memory may still be read by somebody, who knows how long: the slot is armed with new memory. */
  writeOff(index: number): void;
}

export class LentSlot implements Slot {
  readonly data: Buffer;
  readonly sequence: number;
  readonly timestamp: bigint;
  readonly user: bigint;
  readonly file: string | undefined;
  readonly fileOffset: number;
  readonly fileEnd: number;
  readonly fileModified: number;
  /** Their table follows `data` in its memory: see slipring/source.h. */
  readonly records: Records;
  readonly #lender: Lender;
  readonly #index: number;
  readonly #memory: ArrayBuffer;
  #out = true;
  #retained = false;

  constructor(lender: Lender, index: number, data: Buffer, facts: SlotFacts) {
    this.#lender = lender;
    this.#index = index;
    // The consumer can replace what `data` refers to by transferring it, but not what is remembered here.
    this.#memory = data.buffer as ArrayBuffer;
    this.data = data;
    this.sequence = facts.sequence;
    this.timestamp = facts.timestamp;
    this.user = facts.user;
    this.file = facts.file;
    this.fileOffset = facts.fileOffset;
    this.fileEnd = facts.fileEnd;
    this.fileModified = facts.fileModified;
    this.records = facts.records;
  }

  get position(): Position | undefined {
    return this.file === undefined ? undefined : positionIn(this.file, this.fileOffset, this.fileModified);
  }

  get end(): Position | undefined {
    const { position } = this;
    if (position === undefined) return undefined;
    const length = this.fileEnd - this.fileOffset;
    // What was decoded has other bytes than the file.
    if (this.data.length !== length) return positionIn(position.file, this.fileEnd, this.fileModified);
    return positionBehind(position, length, this.data);
  }

  get recordCount(): number {
    return this.records.count;
  }

  get recordTable(): Buffer {
    const { byteLength } = this.#memory;
    if (!this.#out || byteLength === 0) return Buffer.alloc(0);
    const begin = this.data.byteOffset + tableBegin(this.data.length);
    return Buffer.from(this.#memory, begin, this.records.count * this.records.size);
  }

  get retained(): boolean {
    return this.#retained;
  }

  retain(): this {
    this.#retained = true;
    return this;
  }

  release(): void {
    if (!this.#out) return;
    this.#out = false;
    this.#lender.takeBack(this.#index, this.#memory);
  }

  abandon(): void {
    if (!this.#out) return;
    this.#out = false;
    this.#lender.writeOff(this.#index);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** What a stream with records makes of its slots. */
import type { Framing, KeptSlot, LentSlot } from '../ring';
import { LentRecords } from './record-batch';
import { copyOfBytes, type Handing, NO_RECORDS, RecordUnpacker } from './record-unpacker';
import { RecordStrings } from './record-strings';
import { RecordJoiner } from './record-view';
import type { Unpacker } from './unpacker';

export class StreamRecords {
  readonly #joiner: RecordJoiner;
  readonly #terminator: string | undefined;
  readonly #handing: Handing;

  constructor(framing: Framing, encoding: BufferEncoding | undefined) {
    this.#joiner = new RecordJoiner(framing);
    this.#terminator = framing.terminator;
    this.#handing = { records: 0, isText: false, strings: this.#stringsIn('utf8') };
    if (encoding !== undefined) this.setEncoding(encoding);
  }

  /** Undefined: chunks are Buffers. */
  get encoding(): BufferEncoding | undefined {
    return this.#handing.isText ? this.#handing.strings.encoding : undefined;
  }

  /** From the next record on. */
  setEncoding(encoding: BufferEncoding): void {
    this.#handing.strings = this.#stringsIn(encoding);
    this.#handing.isText = true;
  }

  /** How many were handed on. */
  get delivered(): number {
    return this.#handing.records;
  }

  /** The chunk of one record. */
  one(room: Buffer, begin: number, end: number): Buffer | string {
    const { isText, strings } = this.#handing;
    this.#handing.records++;
    return isText ? room.toString(strings.encoding, begin, end) : copyOfBytes(room, begin, end);
  }

  /** All that end in the slot were. */
  countLent({ records }: LentSlot): void {
    this.#handing.records += records.count;
  }

  /** Of a slot the consumer does not see: records of their own. */
  unpack(slot: KeptSlot): Unpacker {
    return this.#unpack(slot, false);
  }

  /** The same, as strings in any case. */
  unpackStrings(slot: KeptSlot): Unpacker {
    return this.#unpack(slot, true);
  }

  /** Undefined when no record ends in the slot. */
  lend(slot: LentSlot): LentRecords | undefined {
    const view = this.#joiner.view(slot);
    return view && new LentRecords(view, slot, this.#handing.strings);
  }

  #unpack(slot: KeptSlot, asStrings: boolean): Unpacker {
    const view = this.#joiner.view(slot);
    return view ? new RecordUnpacker(view, () => slot.release(), this.#handing, asStrings) : NO_RECORDS;
  }

  #stringsIn(encoding: BufferEncoding): RecordStrings {
    return new RecordStrings(encoding, this.#terminator);
  }
}

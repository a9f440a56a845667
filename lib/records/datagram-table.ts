/** The table that follows the datagrams in their slot: addon/sources/datagram.h writes it. */
import { endianness } from 'node:os';

import type { Sender, Senders } from './datagram-sender';
import type { RecordSlot } from './record-slot';
import { tableBegin } from '../ring';

/** Where each field is in an entry, in words of 32 bits. */
const OFFSET = 0;
const LENGTH = 1;
const TIMESTAMP = 2;
const LOST = 4;
const ADDRESS = 6;
const WORDS = 12;
/** The two words of a 64-bit field. */
const [LOW, HIGH] = endianness() === 'LE' ? [0, 1] : [1, 0];

const TRUNCATED = 1;

/** What is known of each datagram besides its bytes. */
export class DatagramTable {
  /** Signed: so each is a small integer for V8. */
  readonly #words: Int32Array;
  readonly #senders: Senders;

  private constructor(words: Int32Array, senders: Senders) {
    this.#words = words;
    this.#senders = senders;
  }

  /** The slot's own: when its memory is taken back, there are no entries any more. */
  static of({ data, records }: RecordSlot, senders: Senders): DatagramTable {
    const begin = data.byteOffset + tableBegin(data.length);
    return new DatagramTable(new Int32Array(data.buffer as ArrayBuffer, begin, records.count * WORDS), senders);
  }

  /** A copy of some entries, which stays. */
  slice(begin: number, end: number): DatagramTable {
    return new DatagramTable(this.#words.slice(begin * WORDS, end * WORDS), this.#senders);
  }

  get count(): number {
    return this.#words.length / WORDS;
  }

  offset(index: number): number {
    return this.#words[index * WORDS + OFFSET] as number;
  }

  length(index: number): number {
    return this.#words[index * WORDS + LENGTH] as number;
  }

  /** How many the system had dropped before this one. */
  lost(index: number): number {
    return this.#low(index, LOST) + this.#word(index, LOST + HIGH) * 2 ** 32;
  }

  sender(index: number): Sender {
    return this.#senders.at(this.#words, index * WORDS + ADDRESS);
  }

  truncated(index: number): boolean {
    return ((this.#words[index * WORDS + WORDS - 1] as number) >>> 24) % 2 === TRUNCATED;
  }

  timestamp(index: number): bigint {
    const high = BigInt(this.#word(index, TIMESTAMP + HIGH) >>> 0);
    return high * 0x1_0000_0000n + BigInt(this.#low(index, TIMESTAMP));
  }

  #word(index: number, field: number): number {
    return this.#words[index * WORDS + field] as number;
  }

  #low(index: number, field: number): number {
    return this.#word(index, field + LOW) >>> 0;
  }
}

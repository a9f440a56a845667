/** Messages: short chunks that the event loop has read itself, without a slot. All are read into one place, and copied. */
import { allocate, allocateFor } from './allocate';
import type { FeedEvents } from './feed-events';
import { END, tableBegin } from './framing';
import type { GapFinder } from './gap';
import { KeptSlot } from './kept-slot';
import type { Latency } from './latency';
import type { Delivered } from './stats';

/** As large as a device's slot: what is longer comes in parts, or in a slot. */
const ROOM_SIZE = 64 * 1024;
/** To read into the middle of a page takes several times as long on some machines. */
const PAGE_SIZE = 4096;

/** Memory for one up to this size is asked for ahead: it is little to hold, and for a longer one the copy takes longer. */
const SHORT = 1024;
/** Up to this size a loop takes an event loop that has slept less than a call that copies: its code is here already. */
const TINY = 128;

/** Of all streams of bytes of this JavaScript thread: what is read into it is copied at once. */
let common: Buffer | undefined;

function makeRoom(): Buffer {
  return allocate(ROOM_SIZE + PAGE_SIZE);
}

export class Messages {
  readonly #delivered: Delivered;
  readonly #gaps: GapFinder | undefined;
  readonly #latency: Latency;
  /** How many bytes lie before the content of a record; undefined when there are no records. */
  head: number | undefined;
  #room: Buffer | undefined;
  /** The same memory, for the tables of records. */
  #words: Int32Array | undefined;
  /** For the next message, should it be as long as the last one. */
  #next: Buffer | undefined;

  constructor(delivered: Delivered, gaps: GapFinder | undefined, latency: Latency) {
    this.#delivered = delivered;
    this.#gaps = gaps;
    this.#latency = latency;
  }

  /** The place, which nobody else sees. Throws when there is no memory. */
  make(): ArrayBufferLike {
    if (this.head === undefined) {
      this.#room = common ??= makeRoom();
    } else {
      this.#room = makeRoom(); // records may wait there until their consumer wants them
      this.#words = new Int32Array(this.#room.buffer);
    }
    return this.#room.buffer;
  }

  /** Hands on what native code has put there. `begin` is always the same. */
  receive(begin: number, length: number, records: number, events: FeedEvents): void {
    this.#delivered.add(length);
    this.#gaps?.passed(length, records);
    this.#latency.taken();
    if (records === 0) events.message(this.#take(begin, length));
    else if (records === 1) this.#handOnRecord(begin, length, events);
    else events.records(this.#recordsAt(begin, length, records));
  }

  #take(begin: number, length: number): Buffer {
    const room = this.#room as Buffer;
    const message = this.#next?.length === length ? this.#next : allocateFor(length);
    this.#next = undefined;
    if (length > TINY) room.copy(message, 0, begin, begin + length);
    else for (let i = 0; i < length; i++) message[i] = room[begin + i] as number;
    return message;
  }

  #handOnRecord(begin: number, length: number, events: FeedEvents): void {
    const entry = (this.#words as Int32Array)[(begin + tableBegin(length)) / 4] as number;
    events.record(this.#room as Buffer, begin + (this.head as number), begin + (entry & END));
  }

  #recordsAt(begin: number, length: number, count: number): KeptSlot {
    const data = (this.#room as Buffer).subarray(begin, begin + length);
    // Who makes chunks of them does not ask what came before.
    return new KeptSlot(data, 0n, { count, size: 4, before: 0, bytesBefore: 0 }, () => undefined);
  }

  /** To be called when a message was handed on: the next one must not wait for its memory. */
  prepare(length: number, records: number): void {
    if (length <= SHORT && records === 0) this.#next = allocateFor(length);
  }
}

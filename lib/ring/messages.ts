/** Messages: short chunks that the event loop has read itself, without a slot. All are read into one place, and copied. */
import { allocate, allocateFor } from './allocate';

/** As large as a device's slot: what is longer comes in parts, or in a slot. */
const ROOM_SIZE = 64 * 1024;
/** To read into the middle of a page takes several times as long on some machines. */
const PAGE_SIZE = 4096;

/** Memory for one up to this size is asked for ahead: it is little to hold, and for a longer one the copy takes longer. */
const SHORT = 1024;

export class MessageRoom {
  #room: Buffer | undefined;
  /** For the next message, should it be as long as the last one. */
  #next: Buffer | undefined;
  /** That message in the room, once it is there: to copy a view that exists takes an event loop that has slept least. */
  #expected: Buffer | undefined;

  /** The place, which nobody else sees. Throws when there is no memory. */
  make(): ArrayBufferLike {
    this.#room = allocate(ROOM_SIZE + PAGE_SIZE);
    return this.#room.buffer;
  }

  /** The message that native code has put there. `begin` is always the same. */
  take(begin: number, length: number): Buffer {
    const message = this.#next?.length === length ? this.#next : allocateFor(length);
    if (message === this.#next) message.set(this.#expected as Buffer);
    else (this.#room as Buffer).copy(message, 0, begin, begin + length);
    this.#next = undefined;
    return message;
  }

  /** To be called when a message was handed on: the next one must not wait for its memory. */
  prepare(begin: number, length: number): void {
    if (length > SHORT) return;
    this.#next = allocateFor(length);
    if (this.#expected?.length !== length) this.#expected = this.#room?.subarray(begin, begin + length);
  }
}

/** Messages: short chunks that the event loop has read itself, without a slot. All are read into one place, and copied. */
import { allocate, allocateFor } from './allocate';

/** As large as a device's slot: what is longer comes in parts, or in a slot. */
const ROOM_SIZE = 64 * 1024;
/** To read into the middle of a page takes several times as long on some machines. */
const PAGE_SIZE = 4096;

/** Memory for one up to this size is asked for ahead: it is little to hold, and for a longer one the copy takes longer. */
const SHORT = 1024;

/** So few bytes are copied here: what `copy()` does besides takes an event loop that has slept longer. */
const FEW = 64;

export class MessageRoom {
  #room: Buffer | undefined;
  /** For the next message, should it be as long as the last one. */
  #next: Buffer | undefined;

  /** The place, which nobody else sees. Throws when there is no memory. */
  make(): ArrayBufferLike {
    this.#room = allocate(ROOM_SIZE + PAGE_SIZE);
    return this.#room.buffer;
  }

  /** The message that native code has put there. */
  take(begin: number, length: number): Buffer {
    const message = this.#next?.length === length ? this.#next : allocateFor(length);
    this.#next = undefined;
    const room = this.#room as Buffer;
    if (length > FEW) room.copy(message, 0, begin, begin + length);
    else for (let i = 0; i < length; i++) message[i] = room[begin + i] as number;
    return message;
  }

  /** To be called when a message was handed on: the next one must not wait for its memory. */
  prepare(length: number): void {
    if (length <= SHORT) this.#next ??= allocateFor(length);
  }
}

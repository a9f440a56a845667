/** Chunks of their own for who reads past the Readable's own queue: bytes, or what the source makes of a slot. */
import type { DirectReader } from './direct-reader';
import type { Gap, KeptSlot } from '../ring';
import type { Unpacked, Unpacker } from '../records';

export class ChunkReader {
  readonly #reader: DirectReader;
  readonly #unpack: ((slot: KeptSlot) => Unpacker) | undefined;
  /** What is still to be handed on of a slot that was unpacked. */
  #rest: Unpacker | undefined;
  #gap: Gap | undefined;

  /** Without `unpack` the chunks are bytes. */
  constructor(reader: DirectReader, unpack?: (slot: KeptSlot) => Unpacker) {
    this.#reader = reader;
    this.#unpack = unpack;
  }

  /** How many chunks a full ring is at most. */
  get perRing(): number {
    return this.#unpack ? Infinity : this.#reader.feed.slots;
  }

  /** The next chunk. Undefined when none is ready, or none comes any more. Throws as the reader's `take`, and has its `along`. */
  next(along = false): Buffer | Unpacked | undefined {
    for (;;) {
      if (this.#gap) {
        if (along) return undefined;
        const gap = this.#gap;
        this.#gap = undefined;
        this.#reader.tellGap(gap);
      }
      this.#gap = this.#rest?.gap();
      if (this.#gap) continue;
      const object = this.#rest?.next();
      if (object !== undefined) return object;
      const index = this.#reader.take(along);
      if (index < 0) return undefined;
      this.#rest = this.#unpack?.(this.#reader.feed.keep(index));
      const chunk = this.#rest ? undefined : this.#reader.feed.giveAway(index, true);
      // An empty packet is nothing among bytes. No chunk: there was no memory for it, which is told next.
      if (chunk && chunk.length > 0) return chunk;
    }
  }

  /** Nobody wants more. */
  close(): void {
    this.#rest?.drop();
    this.#rest = undefined;
  }
}

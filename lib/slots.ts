/**
 * The memory behind the slots, on the JavaScript side: allocates it, arms the slots with it, and makes chunks of it.
 * User code never holds a reference to memory that native code may write to.
 */
import { ChunkInfo, type NativeProducer } from './native';

/** Native code starts a slot at a page boundary, wherever the allocator put the memory. */
const ALIGNMENT = 4096;

/**
 * A chunk that fills at most this share of its slot, or is this small, is copied: the consumer may keep it for ever,
 * and must not keep a whole slot for a few bytes.
 */
const COPY_SHARE = 0.5;
const COPY_BYTES = 16 * 1024;

export class SlotMemory {
  readonly #native: NativeProducer;
  readonly #chunkInfo: Float64Array;
  readonly #slotSize: number;
  readonly #memory: ArrayBufferLike[] = [];
  readonly #offsets: number[] = [];

  constructor(native: NativeProducer, chunkInfo: Float64Array, slotSize: number) {
    this.#native = native;
    this.#chunkInfo = chunkInfo;
    this.#slotSize = slotSize;
  }

  /** Gives slot `index` memory that nobody has seen. */
  armWithNew(index: number): void {
    // Unlike `new ArrayBuffer`, this neither zeroes the memory nor takes it from the shared pool.
    this.#arm(index, Buffer.allocUnsafeSlow(this.#slotSize + ALIGNMENT).buffer);
  }

  /** Makes an owned chunk of slot `index`, which was just taken, and arms the slot again. */
  giveAway(index: number): Buffer {
    const length = this.#chunkInfo[ChunkInfo.length] as number;
    const memory = this.#memory[index] as ArrayBufferLike;
    const bytes = Buffer.from(memory, this.#offsets[index], length);
    if (length > COPY_BYTES && length > this.#slotSize * COPY_SHARE) {
      this.armWithNew(index);
      return bytes;
    }
    const copy = Buffer.allocUnsafe(length);
    bytes.copy(copy);
    this.#arm(index, memory);
    return copy;
  }

  #arm(index: number, memory: ArrayBufferLike): void {
    this.#memory[index] = memory;
    this.#offsets[index] = this.#native.arm(index, memory);
  }
}

/**
 * The memory behind the slots, on the JavaScript side: allocates it, arms the slots with it, and hands it to consumers.
 * User code never holds a reference to memory that native code may write to.
 */
import { allocate, allocateFor } from './allocate';
import { AllLentWarning } from './all-lent';
import { ChunkInfo, hugePageSize, type NativeProducer } from './native';
import type { ResolvedStreamOptions } from './options';
import { revoke } from './revoke';
import { LentSlot, type Lender } from './slot';

/** Reading into memory that begins elsewhere is several times slower on some machines. */
const PAGE_SIZE = 4096;

/**
 * When nobody asked for a size, slots get memory as it is needed: one for each that the consumer holds, and two for the
 * thread. The first ones are as large as a chunk of node:fs; from the second chunk on there is more to come, and they get
 * their full size.
 */
const THREADS_SLOTS = 2;
const FIRST_SLOT_SIZE = 64 * 1024;

/**
 * A chunk that fills at most this share of its slot, or is this small, is copied: the consumer may keep it for ever,
 * and must not keep a whole slot for a few bytes.
 */
const COPY_SHARE = 0.5;
const COPY_BYTES = 16 * 1024;

function alignmentOf(size: number): number {
  return hugePageSize > 0 && size >= hugePageSize ? hugePageSize : PAGE_SIZE;
}

export class SlotMemory implements Lender {
  readonly #native: NativeProducer;
  readonly #chunkInfo: Float64Array;
  /** The same memory, for what has more bits than a double keeps. */
  readonly #words: BigUint64Array;
  readonly #slots: number;
  readonly #slotSize: number;
  readonly #growsFrom: number | undefined;
  readonly #memory: ArrayBuffer[] = [];
  /** Views of the slots' whole memory, for copies out of it. Nobody else sees them. */
  readonly #wholes: (Buffer | undefined)[] = [];
  readonly #offsets: number[] = [];
  readonly #sizes: number[] = [];
  readonly #onNoMemory: (error: Error) => void;
  readonly #allLent: AllLentWarning;
  /** How many slots have ever been armed. */
  #armed = 0;
  #small: boolean;
  #untouched = true;
  #lent = 0;
  #closed = false;

  /** `onNoMemory` is called when a slot cannot be armed while the stream is under way. */
  constructor(
    native: NativeProducer,
    chunkInfo: Float64Array,
    { slots, slotSize, startsSmall, growsFrom }: ResolvedStreamOptions,
    onNoMemory: (error: Error) => void,
  ) {
    this.#native = native;
    this.#chunkInfo = chunkInfo;
    this.#words = new BigUint64Array(chunkInfo.buffer);
    this.#slots = slots;
    this.#slotSize = slotSize;
    this.#small = startsSmall;
    this.#growsFrom = growsFrom;
    this.#onNoMemory = onNoMemory;
    this.#allLent = new AllLentWarning(slots);
  }

  /** How many slots consumers hold. */
  get lent(): number {
    return this.#lent;
  }

  /** Whether no slot has any memory. */
  get empty(): boolean {
    return this.#armed === 0;
  }

  /** Arms the slots to begin with. Throws when there is no memory. */
  open(): void {
    const slots = Math.min(this.#small ? THREADS_SLOTS : (this.#growsFrom ?? this.#slots), this.#slots);
    while (this.#armed < slots) this.#armWithNew(this.#armed++);
  }

  /** As `open`, when the stream is under way already. */
  openLate(): void {
    try {
      this.open();
    } catch (error) {
      this.#onNoMemory(error as Error);
    }
  }

  /** To be called for each chunk that was taken, before anything else. */
  taken(): void {
    if (this.#untouched) {
      this.#untouched = false;
      return;
    }
    this.#small = false;
    const enough = this.#isBehind() ? 2 * this.#armed : this.#lent + THREADS_SLOTS;
    while (this.#armed < Math.min(enough, this.#slots)) this.#rearm(this.#armed++, undefined);
  }

  /** Whether the thread will soon have to wait, with which a source that grows loses data. */
  #isBehind(): boolean {
    return this.#growsFrom !== undefined && (this.#chunkInfo[ChunkInfo.ready] as number) >= this.#armed / 2;
  }

  /** Lets go of all memory, and arms no slot from now on. What is lent stays valid until it is released. */
  close(): void {
    this.#closed = true;
    this.#memory.length = 0;
    this.#wholes.length = 0;
    this.#allLent.callOff();
  }

  /** Makes an owned chunk of slot `index`, which was just taken, and arms the slot again. */
  giveAway(index: number): Buffer {
    const length = this.#chunkInfo[ChunkInfo.length] as number;
    if (length > COPY_BYTES && length > (this.#sizes[index] as number) * COPY_SHARE) {
      const bytes = this.#view(index, length);
      this.#armWithNew(index);
      return bytes;
    }
    const copy = allocateFor(length);
    const whole = (this.#wholes[index] ??= this.#view(index, this.#sizes[index] as number));
    whole.copy(copy, 0, 0, length);
    if (this.#isTooSmall(index)) this.#armWithNew(index);
    else this.#native.rearm(index);
    return copy;
  }

  /** Lends slot `index`, which was just taken. */
  lend(index: number): LentSlot {
    if (++this.#lent === this.#slots) this.#allLent.arm();
    const length = this.#chunkInfo[ChunkInfo.length] as number;
    return new LentSlot(this, index, this.#view(index, length), {
      sequence: this.#chunkInfo[ChunkInfo.sequence] as number,
      timestamp: this.#words[ChunkInfo.timestamp] as bigint,
      user: this.#words[ChunkInfo.user] as bigint,
      records: {
        count: this.#chunkInfo[ChunkInfo.records] as number,
        size: this.#chunkInfo[ChunkInfo.recordSize] as number,
        before: this.#chunkInfo[ChunkInfo.recordsBefore] as number,
        bytesBefore: this.#chunkInfo[ChunkInfo.bytesBefore] as number,
      },
    });
  }

  takeBack(index: number, memory: ArrayBuffer): void {
    this.#comeBack(index, revoke(memory));
  }

  writeOff(index: number): void {
    this.#comeBack(index, undefined);
  }

  #comeBack(index: number, memory: ArrayBuffer | undefined): void {
    this.#lent--;
    this.#allLent.callOff();
    if (!this.#closed) this.#rearm(index, memory);
  }

  #rearm(index: number, memory: ArrayBuffer | undefined): void {
    try {
      if (memory) this.#armWith(index, memory);
      else this.#armWithNew(index);
    } catch (error) {
      this.#onNoMemory(error as Error);
    }
  }

  /** Arms the slot with its own memory again, which is under a new ArrayBuffer now. */
  #armWith(index: number, memory: ArrayBuffer): void {
    if (this.#isTooSmall(index)) return this.#armWithNew(index);
    const size = this.#sizes[index] as number;
    this.#offsets[index] = this.#native.arm(index, memory, size, alignmentOf(size), false);
    this.#memory[index] = memory;
    this.#wholes[index] = undefined;
  }

  /** Whether its memory is what the stream started with, and no more than that. */
  #isTooSmall(index: number): boolean {
    return (this.#sizes[index] as number) < this.#slotSize && !this.#small;
  }

  #view(index: number, length: number): Buffer {
    return Buffer.from(this.#memory[index] as ArrayBuffer, this.#offsets[index], length);
  }

  #armWithNew(index: number): void {
    const size = this.#small ? Math.min(FIRST_SLOT_SIZE, this.#slotSize) : this.#slotSize;
    const alignment = alignmentOf(size);
    // Unlike `new ArrayBuffer`, this neither zeroes the memory nor takes it from the shared pool.
    const memory = allocate(size + alignment).buffer;
    this.#offsets[index] = this.#native.arm(index, memory, size, alignment, alignment === hugePageSize);
    this.#memory[index] = memory;
    this.#wholes[index] = undefined;
    this.#sizes[index] = size;
  }
}

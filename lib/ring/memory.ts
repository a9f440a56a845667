/**
 * The memory behind the slots, on the JavaScript side: allocates it, arms the slots with it, and hands it to consumers.
 * User code never holds a reference to memory that native code may write to.
 */
import { allocateFor, keepFreed } from './allocate';
import { AllLentWarning } from './all-lent';
import { HeldSlot } from './held-slot';
import { KeptSlot } from './kept-slot';
import { ChunkInfo, hugePageSize, type NativeProducer } from '../native';
import { revoke } from './revoke';
import type { Files } from './position';
import { LentSlot, type Lender, type Records } from './slot';
import { type ChunkSize, SMALL, type SlotSizing } from './sizing';
import { allocateOrReuse, reuse } from './spare-memory';
import { Delivered } from './stats';

/** Reading into memory that begins elsewhere is several times slower on some machines. */
const PAGE_SIZE = 4096;

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
  readonly #files: Files;
  readonly #sizing: SlotSizing;
  /** Undefined where a consumer has it. */
  readonly #memory: (ArrayBuffer | undefined)[] = [];
  /** Views of the slots' whole memory, for copies out of it. Nobody else sees them. */
  readonly #wholes: (Buffer | undefined)[] = [];
  readonly #offsets: number[] = [];
  readonly #sizes: number[] = [];
  readonly #onNoMemory: (error: Error) => void;
  readonly #allLent: AllLentWarning;
  /** What consumers got so far. */
  readonly delivered = new Delivered();
  /** What the consumer of the last chunk takes well. */
  #fitting: ChunkSize = 'small';
  /** How many slots have ever been armed. */
  #armed = 0;
  #lent = 0;
  #closed = false;

  /** `onNoMemory` is called when a slot cannot be armed while the stream is under way. */
  constructor(
    native: NativeProducer,
    chunkInfo: Float64Array,
    words: BigUint64Array,
    files: Files,
    sizing: SlotSizing,
    onNoMemory: (error: Error) => void,
  ) {
    this.#native = native;
    this.#chunkInfo = chunkInfo;
    this.#words = words;
    this.#files = files;
    this.#sizing = sizing;
    this.#onNoMemory = onNoMemory;
    this.#allLent = new AllLentWarning();
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
    while (this.#armed < this.#sizing.first) this.#armWithNew(this.#armed++);
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
    const now = { armed: this.#armed, lent: this.#lent, ready: this.#chunkInfo[ChunkInfo.ready] as number };
    const enough = this.#sizing.taken(this.#chunkInfo[ChunkInfo.length] as number, this.#fitting, now);
    while (this.#armed < enough) this.#rearm(this.#armed++, undefined);
  }

  /**
   * Lets go of all memory, and arms no slot from now on. What is lent stays valid until it is released. `untouched`: native code
   * will not write to any of it.
   */
  close(untouched: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sizing.close();
    for (const [index, memory] of this.#memory.entries()) {
      if (memory && untouched && this.#sizes[index] === SMALL.size) reuse(memory);
    }
    // Not by `length = 0`: what an old array held is kept until that is collected.
    this.#memory.fill(undefined);
    this.#wholes.fill(undefined);
    this.#allLent.callOff();
  }

  /** Makes an owned chunk of slot `index`, which was just taken, and arms the slot again. `large`: as the slot may become. */
  giveAway(index: number, large: boolean): Buffer {
    this.#fitting = large ? 'large' : 'small';
    const chunk = this.#own(index);
    this.delivered.add(chunk.length);
    return chunk;
  }

  #own(index: number): Buffer {
    const length = this.#chunkInfo[ChunkInfo.length] as number;
    if (length > COPY_BYTES && length > (this.#sizes[index] as number) * COPY_SHARE) {
      keepFreed();
      this.#renew(index);
      const bytes = this.#handOut(index, length);
      this.#armWithNew(index);
      return bytes;
    }
    const copy = allocateFor(length);
    this.#whole(index).copy(copy, 0, 0, length);
    this.#refill(index);
    return copy;
  }

  /** Keeps slot `index`, which was just taken, to copy its bytes out piece by piece. */
  hold(index: number): HeldSlot {
    this.#fitting = 'large';
    return new HeldSlot(this.#bytes(index), this.delivered, this.#borrow(index));
  }

  /** Keeps slot `index`, which was just taken, to make objects of its records, or text. */
  keep(index: number, fitting: ChunkSize): KeptSlot {
    const timestamp = this.#words[ChunkInfo.timestamp] as bigint;
    const bytes = this.#bytes(index);
    this.#fitting = fitting;
    this.delivered.add(bytes.length);
    return new KeptSlot(bytes, timestamp, this.#records(), this.#borrow(index));
  }

  #bytes(index: number): Buffer {
    return this.#whole(index).subarray(0, this.#chunkInfo[ChunkInfo.length]);
  }

  /** Takes slot `index` out. Returns what puts it back. */
  #borrow(index: number): () => void {
    this.#lent++;
    const memory = this.#memory[index];
    this.#memory[index] = undefined;
    return () => {
      this.#lent--;
      if (this.#closed) return;
      this.#memory[index] = memory;
      try {
        this.#refill(index);
      } catch (error) {
        this.#onNoMemory(error as Error);
      }
    };
  }

  /** What native code says of the records in the slot that was just taken. */
  #records(): Records {
    return {
      count: this.#chunkInfo[ChunkInfo.records] as number,
      size: this.#chunkInfo[ChunkInfo.recordSize] as number,
      before: this.#chunkInfo[ChunkInfo.recordsBefore] as number,
      bytesBefore: this.#chunkInfo[ChunkInfo.bytesBefore] as number,
    };
  }

  /** Lends slot `index`, which was just taken, to a consumer that takes such chunks well. */
  lend(index: number, fitting: ChunkSize): LentSlot {
    if (++this.#lent === this.#sizing.shape.slots) this.#allLent.arm(this.#lent);
    const bytes = this.#handOut(index, this.#chunkInfo[ChunkInfo.length] as number);
    this.#fitting = fitting;
    this.delivered.add(bytes.length);
    return new LentSlot(this, index, bytes, {
      sequence: this.#chunkInfo[ChunkInfo.sequence] as number,
      timestamp: this.#words[ChunkInfo.timestamp] as bigint,
      user: this.#words[ChunkInfo.user] as bigint,
      file: this.#files.name,
      fileOffset: this.#chunkInfo[ChunkInfo.offset] as number,
      fileEnd: this.#chunkInfo[ChunkInfo.end] as number,
      fileModified: this.#chunkInfo[ChunkInfo.modified] as number,
      records: this.#records(),
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

  /** Whether it would get more memory now than it has. */
  #isTooSmall(index: number): boolean {
    return (this.#sizes[index] as number) < this.#sizing.size;
  }

  /** Arms a slot again of whose memory nobody has a view. */
  #refill(index: number): void {
    if (this.#isTooSmall(index)) this.#armWithNew(index);
    else this.#native.rearm(index);
  }

  #whole(index: number): Buffer {
    return (this.#wholes[index] ??= this.#view(index, this.#sizes[index] as number));
  }

  #view(index: number, length: number): Buffer {
    return Buffer.from(this.#memory[index] as ArrayBuffer, this.#offsets[index], length);
  }

  /** The same for a consumer: the memory is not ours any more. */
  #handOut(index: number, length: number): Buffer {
    const bytes = this.#view(index, length);
    this.#memory[index] = undefined;
    return bytes;
  }

  /**
   * Puts the slot's memory under an ArrayBuffer that is as young as a chunk of `node:fs`. The one that it was armed with has lived
   * until all other slots were read: the collector takes that for old, and leaves what it holds for long.
   */
  #renew(index: number): void {
    const memory = this.#memory[index] as ArrayBuffer;
    this.#memory[index] = revoke(memory) ?? memory;
  }

  #armWithNew(index: number): void {
    const { size } = this.#sizing;
    const alignment = alignmentOf(size);
    // Unlike `new ArrayBuffer`, this neither zeroes the memory nor takes it from the shared pool.
    const memory = allocateOrReuse(size + alignment) as ArrayBuffer;
    this.#offsets[index] = this.#native.arm(index, memory, size, alignment, alignment === hugePageSize);
    this.#memory[index] = memory;
    this.#wholes[index] = undefined;
    this.#sizes[index] = size;
  }
}

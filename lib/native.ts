/**
 * The only file that knows the addon's shape (addon/node/producer.h). Every method is called on the JS thread with
 * arguments that have been checked: native code only asserts.
 */
import { loadBinary } from './binary';
import type { NativeFailure } from './errors';

/** The options of a source, as its file in addon/sources lists them. */
export type SourceOptions = Record<string, number | Buffer | External>;

/** A pointer that another addon passes through JavaScript, which sees nothing of it. */
export interface External {
  readonly isExternal?: never;
}

/** What `take()` returns instead of a slot's index. */
export const NOTHING_READY = -1;
export const FINISHED = -2;

/**
 * Where `take()` puts what it knows of the slot, or of the end: the indices of the `chunkInfo` array. `sequence`,
 * `bytesBefore` and `recordsBefore` count what came before, what was dropped included; `uncountedLosses` how often
 * something was lost before that they do not count. `timestamp` and `user`
 * are to be read through a BigUint64Array.
 */
export const ChunkInfo = {
  length: 0,
  sequence: 1,
  bytesBefore: 2,
  recordsBefore: 3,
  records: 4,
  timestamp: 5,
  user: 6,
  recordSize: 7,
  /** The other way: not 0 when a small chunk may come to `onMessage`, unless something is missing before it. */
  acceptsMessages: 8,
  /** How many more slots are ready. */
  ready: 9,
  uncountedLosses: 10,
  /** How many files were lost before. */
  filesBefore: 11,
  /** Of which file the chunk is: another number after each change, 0 when it is of none; where in it the chunk is, and what is behind it. */
  part: 12,
  offset: 13,
  end: 14,
  /** Four words, through the BigUint64Array. */
  file: 15,
  /** When that was written to last, in milliseconds; 0 when nobody knows. */
  modified: 19,
  /** The other way, too: not 0 when it is to be measured how long each chunk was ready before it was taken; */
  measuresLatency: 20,
  /** and that, in nanoseconds: of the chunk that was taken, or of the message. What is 0 was not measured. */
  latency: 21,
  count: 22,
} as const;

/** Where `readCounters()` puts each counter. */
export const CounterIndex = {
  bytesProduced: 0,
  chunksProduced: 1,
  slotsReady: 2,
  producerWaits: 3,
  producerWaitNs: 4,
  wakeups: 5,
  droppedBytes: 6,
  droppedChunks: 7,
  recordsProduced: 8,
  droppedRecords: 9,
  lostRecords: 10,
  truncatedRecords: 11,
  uncountedLosses: 12,
  lostFiles: 13,
  takenToWrite: 14,
  writtenBytes: 15,
  writtenChunks: 16,
  count: 17,
} as const;

export interface NativeProducer {
  /** Before `start()`: chunks are to be whole records, as the options say; see addon/node/framing_options.h. */
  frame(options: Record<string, number | Buffer>): void;
  /**
   * Hands on what there is of a record to which nothing was added for so many milliseconds. Returns how many more that may take;
   * -1 when there is no such record: `onRing` is called when there is one.
   */
  flush(quiet: number): number;
  /**
   * Starts the thread. Returns 0, or the errno with which none could be had. With `onMessage` the source's data may wake
   * the event loop itself: then `onRing` is called with what `take()` returned already, or `onMessage` for a chunk that
   * came without a slot, while `take()` would return `NOTHING_READY`: with where it lies in the memory that `makeRoom`
   * returned, which is called once, before; behind it is the table of its records.
   */
  start(
    onRing: (taken?: number) => void,
    onMessage?: (begin: number, length: number, records: number) => void,
    makeRoom?: () => ArrayBufferLike,
  ): number;
  /**
   * Gives a slot memory for `size` bytes. Returns the offset at which they will begin: the first multiple of `alignment`,
   * a power of two. `askForHugePages`: for memory that nobody has used yet.
   */
  arm(index: number, memory: ArrayBufferLike, size: number, alignment: number, askForHugePages: boolean): number;
  /** Gives a slot the memory that it had, of which nobody has a view. */
  rearm(index: number): void;
  /** The oldest ready slot, `NOTHING_READY` (then `onRing` is called when that changes) or `FINISHED`. */
  take(): number;
  /** Whether the thread has data and waits for a slot. Right after `NOTHING_READY`; `onRing` is called if it changes. */
  waits(): boolean;
  /** `undefined` until the source is open, then its descriptor, or -1 when it has none. */
  descriptor(): number | undefined;
  /** When the source is open: what it calls what it opened, or ''. */
  name(): string;
  /** Whether the source failed to open; then there is an outcome, and nothing to take. */
  openFailed(): boolean;
  /** After `FINISHED` or `openFailed()`: `undefined` for a plain end. */
  outcome(): NativeFailure | undefined;
  /** Returns whether the thread is done; when it is not, `onRing` is called once it is. */
  requestStop(): boolean;
  /**
   * Joins the thread and lets go of all memory and of the event loop. Idempotent. A thread that has not ended within the
   * patience is given up, with the memory that it may still use: then this returns false.
   */
  close(): boolean;
  /**
   * From now on the thread writes what is ready, and what it reads, to a file: from `position` on, or where the descriptor is.
   * Returns false when that is no file, or the source may wait. Nothing is to be taken until `isWriting()` is false.
   */
  writeTo(descriptor: number, position: number | undefined): boolean;
  /** Whether it goes on. Then `onRing` is called a few times a second, and when it does not any more. */
  isWriting(): boolean;
  /** No more is taken to be written. `isWriting()` is false soon, and `onRing` is called. */
  stopWriting(): void;
  /** Rings the doorbell: an event loop that sleeps wakes up and calls `onRing`. */
  wake(): void;
  ref(): void;
  unref(): void;
  readCounters(into: Float64Array): void;
}

interface Addon {
  Producer: new (
    source: string,
    options: SourceOptions,
    slots: number,
    overflow: number,
    chunkInfo: Float64Array,
    patience: number | undefined,
  ) => NativeProducer;
  /** Whether the value is an External of a source's table: see slipring/source.h. */
  isSourceTable: (value: unknown) => value is External;
  /** Bytes; 0 where the system has none to give. */
  hugePageSize: number;
}

export const { Producer, isSourceTable, hugePageSize } = loadBinary() as Addon;

/** Other runtimes have some of libuv's functions, which end the process when they are called. */
export const hasLibuv = !('bun' in process.versions) && !('deno' in process.versions);

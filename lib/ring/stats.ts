/** What a stream counts. All numbers are exact up to 2^53. */
import { CounterIndex, type NativeProducer } from '../native';

/** A snapshot of a stream's counters and of where its slots are, from `stream.stats()`. */
export interface Stats {
  /** Bytes the source has delivered, what was dropped included. */
  bytesProduced: number;
  /** Chunks the source has delivered, what was dropped included. */
  chunksProduced: number;
  /** Bytes handed to the consumer. */
  bytesDelivered: number;
  /** Chunks handed to the consumer. */
  chunksDelivered: number;
  /** How many slots the stream has. */
  slots: number;
  /** Bytes in each slot. */
  slotSize: number;
  /** Slots that are empty, or being filled. */
  slotsFree: number;
  /** Filled slots that wait for the consumer. */
  slotsReady: number;
  /** Slots the consumer holds. */
  slotsLent: number;
  /** How often the background thread found no free slot and slept: the consumer was the slower one. */
  producerWaits: number;
  /** Nanoseconds it slept so, a sleep that still lasts included. */
  producerWaitNs: number;
  /** How often the background thread had to wake the event loop. */
  wakeups: number;
  /** Chunks lost because no slot was free, or that a plugin says it has lost. 0 for all others when `overflow` is `'block'`. */
  droppedChunks: number;
  /** Their bytes, as far as they are known. */
  droppedBytes: number;
  /**
   * How often the system, or a plugin, said that it has lost something and not how much. What was lost so is in none of the
   * other numbers.
   */
  uncountedLosses: number;
  /**
   * With `follow`: files that came to the path and were gone before they could be opened, or could not be opened at all.
   * 0 for all other sources.
   */
  lostFiles: number;
  /** Records of which the end was left out: with `longRecords: 'truncate'`. 0 for all other streams of bytes. */
  truncated: number;
}

/** What a source of records, such as datagrams, counts. */
export interface RecordCounts {
  /** What the source has delivered, what was dropped included. */
  produced: number;
  /** Dropped because no slot was free. */
  dropped: number;
  /** Lost before they reached the source. */
  lost: number;
}

/** What the JS thread counts itself. */
export class Delivered {
  bytes = 0;
  chunks = 0;

  /** A whole chunk. */
  add(length: number): void {
    this.chunks++;
    this.bytes += length;
  }
}

interface Sizing {
  readonly shape: { readonly slots: number; readonly slotSize: number };
}

interface Memory {
  readonly lent: number;
  readonly delivered: Delivered;
}

/** What both sides have counted of a stream: at any time, also when it is closed. */
export class Counts {
  readonly #native: NativeProducer;
  readonly #sizing: Sizing;
  readonly #memory: Memory;

  constructor(native: NativeProducer, sizing: Sizing, memory: Memory) {
    this.#native = native;
    this.#sizing = sizing;
    this.#memory = memory;
  }

  /** Bytes taken so far. */
  get bytesDelivered(): number {
    return this.#memory.delivered.bytes;
  }

  /** Whether the thread sleeps until there is a slot for what it has. */
  get isWaiting(): boolean {
    return this.#native.waits();
  }

  /** Whether the thread waits for a slot, or drops what comes because there is none. */
  get isFull(): boolean {
    return this.isWaiting || this.stats().slotsFree === 0;
  }

  records(): RecordCounts {
    const count = this.#read();
    return {
      produced: count(CounterIndex.recordsProduced),
      dropped: count(CounterIndex.droppedRecords),
      lost: count(CounterIndex.lostRecords),
    };
  }

  stats(): Stats {
    const count = this.#read();
    const { lent: slotsLent, delivered } = this.#memory;
    const { slots, slotSize } = this.#sizing.shape;
    const slotsReady = count(CounterIndex.slotsReady);
    return {
      bytesProduced: count(CounterIndex.bytesProduced),
      chunksProduced: count(CounterIndex.chunksProduced),
      bytesDelivered: delivered.bytes,
      chunksDelivered: delivered.chunks,
      slots,
      slotSize,
      slotsFree: slots - slotsReady - slotsLent,
      slotsReady,
      slotsLent,
      producerWaits: count(CounterIndex.producerWaits),
      producerWaitNs: count(CounterIndex.producerWaitNs),
      wakeups: count(CounterIndex.wakeups),
      droppedChunks: count(CounterIndex.droppedChunks),
      droppedBytes: count(CounterIndex.droppedBytes),
      uncountedLosses: count(CounterIndex.uncountedLosses),
      lostFiles: count(CounterIndex.lostFiles),
      truncated: count(CounterIndex.truncatedRecords),
    };
  }

  #read(): (index: number) => number {
    const counters = new Float64Array(CounterIndex.count);
    this.#native.readCounters(counters);
    return (index) => counters[index] as number;
  }
}

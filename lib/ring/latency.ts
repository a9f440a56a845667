/** How long chunks lie in the ring before they are taken. Measured only while somebody wants to know. */
import { createHistogram, type Histogram, type RecordableHistogram } from 'node:perf_hooks';

import { ChunkInfo } from '../native';

/** The options of `stream.monitorLatency()`, as `createHistogram()` of `node:perf_hooks` has them. */
export interface LatencyOptions {
  /**
   * The lowest latency that is told from others, in nanoseconds.
   * @defaultValue 1
   */
  lowest?: number | undefined;
  /**
   * The highest, in nanoseconds, at least twice `lowest`; what is higher is counted as `exceeds`.
   * @defaultValue 3.6e12, an hour
   */
  highest?: number | undefined;
  /**
   * How many decimal digits are exact, 1 to 5. A histogram of 2 takes 40 KB, one of 3 takes 270.
   * @defaultValue 2
   */
  figures?: number | undefined;
}

/** What `stream.monitorLatency()` returns: a histogram of `node:perf_hooks`, of nanoseconds. */
export interface LatencyHistogram extends Histogram, Disposable {
  /** Begins to measure, or goes on. Returns whether it had not. */
  enable(): boolean;
  /** Measures no more. Returns whether it had. What was measured stays, until `reset()`. */
  disable(): boolean;
}

export class Latency {
  readonly #chunkInfo: Float64Array;
  /** Those that are enabled. An array: it is gone through for each chunk. */
  #enabled: readonly RecordableHistogram[] = [];

  constructor(chunkInfo: Float64Array) {
    this.#chunkInfo = chunkInfo;
  }

  /** Not enabled yet. */
  monitor(options: { lowest: number; highest: number; figures: number }): LatencyHistogram {
    const histogram = createHistogram(options);
    const disable = (): boolean => this.#set(this.#enabled.filter((other) => other !== histogram));
    const enable = (): boolean => !this.#enabled.includes(histogram) && this.#set([...this.#enabled, histogram]);
    return Object.assign(histogram, { enable, disable, [Symbol.dispose]: () => void disable() });
  }

  /** Returns whether that is a change. */
  #set(enabled: readonly RecordableHistogram[]): boolean {
    const before = this.#enabled.length;
    this.#enabled = enabled;
    this.#chunkInfo[ChunkInfo.measuresLatency] = enabled.length;
    return enabled.length !== before;
  }

  /** A chunk was taken, or came as a message, or the end was reached. */
  taken(): void {
    if (this.#enabled.length > 0) this.#record();
  }

  #record(): void {
    const latency = this.#chunkInfo[ChunkInfo.latency] as number;
    this.#chunkInfo[ChunkInfo.latency] = 0;
    if (latency === 0) return; // it is the end, or was taken before anybody wanted to know
    for (const histogram of this.#enabled) histogram.record(latency);
  }
}

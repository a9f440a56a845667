/** How long the chunks of a stream lie in the ring, for a view: of many, some stand for all, so that none pays much to be watched. */
import type { LatencyHistogram } from '../ring';
import type { ProducerStream } from '../stream';
import type { ViewedLatency } from './snapshot';

/** What is measured costs some 100 ns a chunk: of more than this in a period, the next periods are left out. */
const MANY = 1000;
const LEFT_OUT = 3;

export class Sampling {
  readonly #histogram: LatencyHistogram;
  #last: ViewedLatency | null = null;
  #left = 0;

  constructor(stream: ProducerStream) {
    this.#histogram = stream.monitorLatency();
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** Of the period that is over; null when no chunk was taken. */
  take(): ViewedLatency | null {
    if (this.#left > 0) {
      if (--this.#left === 0) this.#histogram.enable();
      return this.#last;
    }
    const { count, max } = this.#histogram;
    this.#last = count === 0 ? null : { p50: this.#histogram.percentile(50), p99: this.#histogram.percentile(99), max };
    if (count > 0) this.#histogram.reset();
    if (count > MANY) {
      this.#left = LEFT_OUT;
      this.#histogram.disable();
    }
    return this.#last;
  }
}

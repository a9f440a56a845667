/** What a stream tells of itself: its counters, and, to whoever watches the process, what happens to it. */
import { StreamHooks } from './hooks';
import type { LatencyHistogram, LatencyOptions, Notice, RecordCounts, Stats } from '../ring';
import { type Observer, resolveLatencyOptions } from '../observe';

export abstract class ObservedStream extends StreamHooks {
  protected abstract readonly observer: Observer;

  /** A snapshot of the stream's counters, at any time, also after `'close'`. */
  stats(): Stats {
    return this.observer.counts.stats();
  }

  /**
   * A histogram of how long chunks lie in the ring: of the nanoseconds from when the background thread had read one to when it
   * is taken for the consumer. As that of `monitorEventLoopDelay()` it measures from `enable()` to `disable()`; without one that is enabled
   * nothing is measured. There is one value for each slot, however many records are in it.
   * @throws ERR_INVALID_ARG_TYPE or ERR_OUT_OF_RANGE for options that cannot be right.
   */
  monitorLatency(options: LatencyOptions = {}): LatencyHistogram {
    return this.observer.latency.monitor(resolveLatencyOptions(options));
  }

  /** Bytes handed to the consumer so far. */
  protected get bytesDelivered(): number {
    return this.observer.counts.bytesDelivered;
  }

  /** What a source of records counts. */
  protected recordCounts(): RecordCounts {
    return this.observer.counts.records();
  }

  protected override tell(notice: Notice): void {
    this.observer.noticed(notice);
    super.tell(notice);
  }
}

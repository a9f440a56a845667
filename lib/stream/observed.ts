/** What a stream tells of itself: its counters, and, to whoever watches the process, what happens to it. */
import { StreamHooks } from './hooks';
import type { Notice, RecordCounts, Stats } from '../ring';
import type { Observer } from '../observe';

export abstract class ObservedStream extends StreamHooks {
  protected abstract readonly observer: Observer;

  /** A snapshot of the stream's counters, at any time, also after `'close'`. */
  stats(): Stats {
    return this.observer.counts.stats();
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

/** Tells of one stream on the channels. Who has not subscribed costs a look at a property for each rare event. */
import { channels, type Facts } from './channels';
import { live, type Living } from './live';
import { lookForStalls, lookNoMore, Stillness } from './stalls';
import type { Feed, Notice, Stats } from '../ring';

/** What is observed. */
export interface Observed {
  stats(): Stats;
}

export class Observer implements Living {
  readonly stream: Observed;
  readonly source: string;
  readonly #feed: Feed;
  #opened = false;
  #failure: Error | undefined;
  /** As long as somebody looks. */
  #stillness: Stillness | undefined;

  /** `source`: which kind of source fills the stream. */
  constructor(stream: Observed, source: string, feed: Feed) {
    this.stream = stream;
    this.source = source;
    this.#feed = feed;
    live.add(this);
    lookForStalls();
  }

  get opened(): boolean {
    return this.#opened;
  }

  get isWaiting(): boolean {
    return this.counts.isWaiting;
  }

  get counts(): Feed['counts'] {
    return this.#feed.counts;
  }

  get latency(): Feed['latency'] {
    return this.#feed.latency;
  }

  /** The source is open. `tell` says so to the user, and may throw. */
  opening(tell: () => void): void {
    this.#opened = true;
    try {
      tell();
    } finally {
      this.#publish('open', {}); // after the user's own event: only then does the stream know its descriptor, or its address
    }
  }

  noticed([event, what]: Notice): void {
    if (event === 'gap') this.#publish('gap', { gap: what });
    else this.#publish('rotate', { rotation: what });
  }

  /** The end, or an error, was handed on: the thread is gone. */
  ended(error: Error | undefined): void {
    live.delete(this);
    if (live.size === 0) lookNoMore();
    this.failed(error);
  }

  /** Told once, whoever comes first. */
  failed(error: Error | undefined | null): void {
    if (!error || this.#failure) return;
    this.#failure = error;
    this.#publish('error', { error });
  }

  closed(error: Error | undefined | null): void {
    this.ended(error ?? undefined);
    this.#publish('close', { error: this.#failure, opened: this.#opened });
  }

  look(now: number): void {
    this.#stillness ??= new Stillness();
    const duration = this.#stillness.look(now, this.counts.bytesDelivered, () => this.counts.isFull);
    if (duration !== undefined) this.#publish('stall', { duration, stats: this.stream.stats() });
  }

  forgetLooks(): void {
    this.#stillness = undefined;
  }

  #publish<Name extends keyof Facts>(name: Name, facts: Facts[Name]): void {
    lookForStalls();
    const channel = channels[name];
    if (!channel.hasSubscribers) return;
    const message = { stream: this.stream, source: this.source, ...facts };
    this.#feed.inContext(() => channel.publish(message), this); // Rule 7
  }
}

import type { NativeProducer } from '../native';
import type { FeedEvents } from './feed-events';

/** Tells how opening the source went, once, also when nobody reads. */
export class Opening {
  readonly #native: NativeProducer;
  #announced = false;

  constructor(native: NativeProducer) {
    this.#native = native;
  }

  get announced(): boolean {
    return this.#announced;
  }

  /** To be called when it may be known. `before` is called before the user is told. */
  announce(before: () => void, events: FeedEvents): void {
    if (this.#announced) return;
    const failed = this.#native.openFailed();
    const descriptor = failed ? -1 : this.#native.descriptor();
    if (descriptor === undefined) return;
    this.#announced = true;
    before();
    if (failed) events.openFailed();
    else events.open(descriptor, this.#native.name());
  }
}

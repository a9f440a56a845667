/** Sees to it that a record whose end does not come is handed on all the same. */
import type { NativeProducer } from '../native';

export class Flushing {
  readonly #native: NativeProducer;
  readonly #after: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(native: NativeProducer, after: number) {
    this.#native = native;
    this.#after = after;
  }

  /** Nothing is ready: perhaps a record has begun. */
  arm(): void {
    this.#timer ??= this.#in(this.#after);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  /** What keeps the process alive is the stream. */
  #in(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      const left = this.#native.flush(this.#after);
      this.#timer = left < 0 ? undefined : this.#in(Math.max(left, 1));
    }, milliseconds).unref();
  }
}

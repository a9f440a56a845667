/** Ends the thread without blocking the event loop, or gives it up when it takes too long. */
import type { NativeProducer } from '../native';

export class Stopping {
  readonly #native: NativeProducer;
  readonly #patience: number | undefined;
  /** Set while the thread is waited for. */
  #onStopped: (() => void) | undefined;

  constructor(native: NativeProducer, patience: number | undefined) {
    this.#native = native;
    this.#patience = patience;
  }

  /** Whether the thread is waited for. */
  get underWay(): boolean {
    return this.#onStopped !== undefined;
  }

  /** `done` gets the patience that the thread has exhausted, if it has. */
  begin(done: (exhausted?: number) => void): void {
    if (this.#native.requestStop()) return done();
    const patience = this.#patience;
    // An event loop that stood still may come to its timers first: the thread may have ended long ago.
    const ask = (): void => this.#finish(done, this.#native.requestStop() ? undefined : patience);
    const impatience = patience === undefined ? undefined : setTimeout(ask, patience);
    this.#onStopped = () => {
      clearTimeout(impatience);
      this.#finish(done);
    };
  }

  /** The doorbell rang. */
  rung(): void {
    if (this.#native.requestStop()) this.#onStopped?.();
  }

  #finish(done: (exhausted?: number) => void, exhausted?: number): void {
    this.#onStopped = undefined;
    done(exhausted);
  }
}

/** The end of a native thread: neither does the event loop block for it, nor does anybody wait for ever. */
import type { NativeProducer } from '../native';

export class ThreadEnd {
  readonly #native: NativeProducer;
  /** How many milliseconds the thread gets, if it may never end. */
  readonly #patience: number | undefined;
  #impatience: NodeJS.Timeout | undefined;
  #onEnd: ((exhausted?: number) => void) | undefined;

  constructor(native: NativeProducer, patience: number | undefined) {
    this.#native = native;
    this.#patience = patience;
  }

  /** Whether it was asked to end, and has not yet. */
  get awaited(): boolean {
    return this.#onEnd !== undefined;
  }

  /** Asks it to end. Returns whether it is done; when it is not, `onEnd` is called then, or with the patience it exhausted. */
  request(onEnd: (exhausted?: number) => void): boolean {
    if (this.#native.requestStop()) return true;
    this.#onEnd = onEnd;
    if (this.#patience !== undefined) {
      this.#impatience = setTimeout(() => {
        this.#tell(this.#patience);
      }, this.#patience);
    }
    return false;
  }

  /** To be called after a ring of the doorbell. */
  look(): void {
    if (this.#native.requestStop()) this.#tell();
  }

  #tell(exhausted?: number): void {
    clearTimeout(this.#impatience);
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.(exhausted);
  }
}

import type { NativeProducer } from '../native';
import type { Source } from './source';

/** Whether a stream keeps the event loop running. Native code is told when that changes, and not before `start`. */
export class LoopHold {
  readonly #native: NativeProducer;
  readonly #keepsAlive: Source['keepsAlive'];
  #started = false;
  #announced = false;
  #waiting = false;
  #referenced = true;
  #stopping = false;
  /** What native code was told last. */
  #holds = true;

  constructor(native: NativeProducer, keepsAlive: Source['keepsAlive']) {
    this.#native = native;
    this.#keepsAlive = keepsAlive;
  }

  /** The thread runs. */
  start(): void {
    this.#started = true;
    this.#update();
  }

  /** The user knows how opening the source went. */
  announced(): void {
    this.#announced = true;
  }

  /** Somebody waits for a chunk, or does not. */
  set waiting(waiting: boolean) {
    this.#waiting = waiting;
    this.#update();
  }

  /** What the user wants: see `ProducerStream.ref()`. */
  set referenced(referenced: boolean) {
    this.#referenced = referenced;
    this.#update();
  }

  /** The thread is being stopped. */
  stopping(): void {
    this.#stopping = true;
    this.#update();
  }

  #update(): void {
    if (!this.#started) return;
    const busy = this.#keepsAlive === 'while open' || !this.#announced || this.#waiting;
    // A stream that is being destroyed always gets to emit 'close'.
    const holds = (this.#referenced && busy) || this.#stopping;
    if (holds === this.#holds) return;
    this.#holds = holds;
    if (holds) this.#native.ref();
    else this.#native.unref();
  }
}

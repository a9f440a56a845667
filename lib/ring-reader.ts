import { NOTHING_READY, type NativeProducer } from './native';

/** Takes what is ready, without asking native code when it is known that nothing is. */
export class RingReader {
  readonly #native: NativeProducer;
  #listens = false;
  /** What native code has taken already. */
  #taken: number | undefined;

  constructor(native: NativeProducer) {
    this.#native = native;
  }

  /** Nothing is ready, and the doorbell will ring when something is. */
  get listens(): boolean {
    return this.#listens;
  }

  /** The doorbell rang. */
  rung(taken: number | undefined): void {
    this.#listens = false;
    this.#taken = taken ?? this.#taken;
  }

  /** As native code's. */
  take(): number {
    if (this.#listens) return NOTHING_READY;
    const index = this.#taken ?? this.#native.take();
    this.#taken = undefined;
    this.#listens = index === NOTHING_READY;
    return index;
  }
}

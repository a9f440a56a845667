/** What the thread itself writes to a file, past the consumer. */
import { CounterIndex, type NativeProducer } from '../native';
import type { Delivered } from './stats';

export class Writing {
  readonly #native: NativeProducer;
  readonly #delivered: Delivered;
  /** From the first file on: most streams are not piped into one. */
  #counters: Float64Array | undefined;
  /** What was counted so far: of this file, and of all. */
  #taken = 0;
  #written = 0;
  #chunks = 0;

  constructor(native: NativeProducer, delivered: Delivered) {
    this.#native = native;
    this.#delivered = delivered;
  }

  /**
   * From `position` on, or where the descriptor is. False when that is no file, or the source may wait. Nothing is to be taken as
   * long as it goes on.
   */
  begin(descriptor: number, position: number | undefined): boolean {
    this.#taken = 0;
    return this.#native.writeTo(descriptor, position);
  }

  /** While it does, `turn` is called a few hundred times a second; and when it does not any more. */
  get goesOn(): boolean {
    return this.#native.isWriting();
  }

  /** It goes on no longer than for the chunk at hand, which is counted. */
  stop(): void {
    this.#native.stopWriting();
    this.#count();
  }

  /** Counts what was taken since the last time as handed on. Returns how many bytes were written. */
  count(): number {
    const written = this.#count()[CounterIndex.writtenBytes] as number;
    const bytes = written - this.#written;
    this.#written = written;
    return bytes;
  }

  #count(): Float64Array {
    const counters = (this.#counters ??= new Float64Array(CounterIndex.count));
    this.#native.readCounters(counters);
    const taken = counters[CounterIndex.takenToWrite] as number;
    const chunks = counters[CounterIndex.writtenChunks] as number;
    this.#delivered.bytes += taken - this.#taken;
    this.#delivered.chunks += chunks - this.#chunks;
    this.#taken = taken;
    this.#chunks = chunks;
    return counters;
  }
}

/**
 * The loop of `stream.lines()`: strings, one a turn. Written by hand: an async generator would cost more than everything
 * else that is done for a line.
 */
import type { DirectReader } from './direct-reader';
import { FINISHED, type KeptSlot, NOTHING_READY } from '../ring';
import type { Unpacker } from '../records';

const END: IteratorReturnResult<undefined> = { value: undefined, done: true };

export class LineLoop implements AsyncIterableIterator<string, undefined> {
  readonly #reader: DirectReader;
  readonly #unpack: (slot: KeptSlot) => Unpacker;
  /** What is still to be handed on of a slot. */
  #rest: Unpacker | undefined;
  /** The last `next()` that could not be answered at once: what is asked for meanwhile comes after it. */
  #pending: Promise<IteratorResult<string, undefined>> | undefined;
  #over = false;

  constructor(reader: DirectReader, unpack: (slot: KeptSlot) => Unpacker) {
    this.#reader = reader;
    this.#unpack = unpack;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An async function, although mostly there is nothing to wait for: V8 makes its promise for less than `Promise.resolve()`. */
  async next(): Promise<IteratorResult<string, undefined>> {
    if (!this.#pending) {
      const line = this.#rest?.next();
      if (line !== undefined) return { value: line as string, done: false };
    }
    return this.#nextLater();
  }

  #nextLater(): Promise<IteratorResult<string, undefined>> {
    const later = (): Promise<IteratorResult<string, undefined>> => this.#later();
    const result = this.#pending ? this.#pending.then(later, later) : later();
    const settled = result.finally(() => {
      if (this.#pending === settled) this.#pending = undefined;
    });
    this.#pending = settled;
    return settled;
  }

  /** Whoever leaves is done with the stream, and does not wait for the next line. */
  return(): Promise<IteratorResult<string, undefined>> {
    this.#leave();
    return Promise.resolve(END);
  }

  throw(error: unknown): Promise<IteratorResult<string, undefined>> {
    this.#leave();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is the caller's
    return Promise.reject(error);
  }

  /** What was taken already is not handed on any more. */
  drop(): void {
    this.#rest?.drop();
    this.#rest = undefined;
  }

  async #later(): Promise<IteratorResult<string, undefined>> {
    try {
      for (;;) {
        const line = this.#take();
        if (line !== undefined) return { value: line, done: false };
        if (this.#over) return END;
        await this.#reader.woken();
      }
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Undefined when there is none at present, or there are no more. */
  #take(): string | undefined {
    while (!this.#over) {
      const line = this.#rest?.next();
      if (line !== undefined) return line as string;
      this.#rest = undefined;
      const index = this.#reader.take();
      if (index === NOTHING_READY) return undefined;
      if (index === FINISHED) this.#leave();
      else this.#rest = this.#unpack(this.#reader.feed.keep(index));
    }
    return undefined;
  }

  #leave(): void {
    this.#over = true;
    this.drop();
    this.#reader.left();
  }
}

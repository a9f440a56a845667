/**
 * The loop of `stream.lines()`: strings, one a turn. Written by hand: an async generator would cost more than everything
 * else that is done for a line.
 */
import type { ChunkReader } from './chunk-reader';
import type { DirectReader } from './direct-reader';

type Line = IteratorResult<string, undefined>;

const END: Line = { value: undefined, done: true };

export class LineLoop implements AsyncIterableIterator<string, undefined> {
  readonly #reader: DirectReader;
  /** Of strings. */
  readonly #chunks: ChunkReader;
  /** The last `next()` that could not be answered at once: what is asked for meanwhile comes after it. */
  #pending: Promise<Line> | undefined;
  #left = false;

  constructor(reader: DirectReader, chunks: ChunkReader) {
    this.#reader = reader;
    this.#chunks = chunks;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An async function, although mostly there is nothing to wait for: V8 makes its promise for less than `Promise.resolve()`. */
  async next(): Promise<Line> {
    const line = this.#pending ? undefined : this.#take();
    return line === undefined ? this.#nextLater() : { value: line, done: false };
  }

  /** Whoever leaves is done with the stream, and does not wait for the next line. */
  return(): Promise<Line> {
    this.#leave();
    return Promise.resolve(END);
  }

  throw(error: unknown): Promise<Line> {
    this.#leave();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is the caller's
    return Promise.reject(error);
  }

  /** What was taken already is not handed on any more. */
  drop(): void {
    this.#chunks.close();
  }

  #nextLater(): Promise<Line> {
    const later = (): Promise<Line> => this.#later();
    const result = this.#pending ? this.#pending.then(later, later) : later();
    const settled = result.finally(() => {
      if (this.#pending === settled) this.#pending = undefined;
    });
    this.#pending = settled;
    return settled;
  }

  async #later(): Promise<Line> {
    for (;;) {
      const line = this.#take();
      if (line !== undefined) return { value: line, done: false };
      if (this.#left) return END;
      await this.#reader.woken();
    }
  }

  /** Undefined when there is none at present, or there are no more. */
  #take(): string | undefined {
    if (this.#left) return undefined;
    try {
      const line = this.#chunks.next() as string | undefined;
      if (line === undefined && this.#reader.over) this.#leave();
      return line;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  #leave(): void {
    this.#left = true;
    this.drop();
    this.#reader.left();
  }
}

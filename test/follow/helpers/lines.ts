/** Numbered lines, and whether all of them arrive, once and in order. */
import { strict as assert } from 'node:assert';
import type { Readable } from 'node:stream';

/** Of many lengths, so that chunks end within them. */
export function lineOf(number: number): string {
  return `${number} ${'x'.repeat((number * 7) % 40)}\n`;
}

export function linesOf(from: number, to: number): string {
  let text = '';
  for (let number = from; number < to; number++) text += lineOf(number);
  return text;
}

/** Collects what a stream gives from now on. It never throws where the stream calls it. */
export class Lines {
  /** How many came as they should. */
  count: number;
  #rest = '';
  #wrong: string | undefined;
  #waiting: (() => void) | undefined;
  #wanted = Infinity;

  constructor(
    readonly stream: Readable,
    from = 0,
  ) {
    this.count = from;
    stream.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')));
    stream.on('error', (error) => this.#fail(String(error)));
    stream.on('end', () => this.#fail('the end'));
  }

  /** Waits until lines 0 to `count` - 1 are there; fails as soon as another one is. */
  async reach(count: number): Promise<void> {
    this.#wanted = count;
    if (this.count < count && this.#wrong === undefined) {
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
    assert.equal(this.#wrong, undefined, `line ${this.count}: got ${this.#wrong ?? ''}`);
    assert.equal(this.count, count);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() as string;
    for (const line of lines) {
      if (this.#wrong !== undefined) return;
      if (`${line}\n` !== lineOf(this.count)) return this.#fail(JSON.stringify(line));
      this.count++;
    }
    if (this.count >= this.#wanted) this.#waiting?.();
  }

  #fail(what: string): void {
    this.#wrong ??= what;
    this.#waiting?.();
  }
}

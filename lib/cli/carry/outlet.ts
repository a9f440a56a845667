/** One thing after the other: signals ask for things while something else is under way. */
import type { Sink } from '../sinks';

export class Outlet implements Sink {
  readonly name: string;
  readonly #sink: Sink;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(sink: Sink) {
    this.name = sink.name;
    this.#sink = sink;
  }

  write(bytes: Buffer): Promise<void> {
    return this.#next(() => this.#sink.write(bytes));
  }

  end(): Promise<void> {
    this.#isOver = true;
    return this.#next(() => this.#sink.end());
  }

  /** What is over, or is about to be, needs no new file. */
  reopen(): Promise<void> {
    if (this.#isOver) return this.#last;
    return this.#next(() => this.#sink.reopen());
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act);
    // Whoever asked next is told.
    this.#last.catch(() => undefined);
    return this.#last;
  }
}

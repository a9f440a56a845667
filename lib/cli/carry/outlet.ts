/** One thing after the other: signals ask for things while something else is under way. */
import type { Sink } from '../sinks';

export class Outlet implements Sink {
  readonly name: string;
  readonly #sink: Sink;
  #last: Promise<void> = Promise.resolve();

  constructor(sink: Sink) {
    this.name = sink.name;
    this.#sink = sink;
  }

  write(bytes: Buffer): Promise<void> {
    return this.#next(() => this.#sink.write(bytes));
  }

  end(): Promise<void> {
    return this.#next(() => this.#sink.end());
  }

  reopen(): Promise<void> {
    return this.#next(() => this.#sink.reopen());
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act);
    // Whoever asked next is told.
    this.#last.catch(() => undefined);
    return this.#last;
  }
}

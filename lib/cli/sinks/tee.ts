/** Several sinks. The slowest sets the pace, and one that fails leaves the others alone. */
import { Failure, reasonOf } from '../failure';
import type { Sink } from './sink';

export class Tee implements Sink {
  readonly name = 'all sinks';
  readonly failures: { sink: Sink; error: unknown }[] = [];
  readonly #all: number;
  #live: readonly Sink[];

  constructor(sinks: readonly Sink[]) {
    this.#live = sinks;
    this.#all = sinks.length;
  }

  /** @throws when none is left */
  write(bytes: Buffer): Promise<void> {
    return this.#each((sink) => sink.write(bytes));
  }

  end(): Promise<void> {
    return this.#each((sink) => sink.end());
  }

  reopen(): Promise<void> {
    return this.#each((sink) => sink.reopen());
  }

  /** Whether the reader of the one sink that there is went away, as `head` does: no trouble of ours. */
  get wasLeft(): boolean {
    return this.#all === 1 && this.failures.some(({ error }) => (error as { code?: unknown }).code === 'EPIPE');
  }

  async #each(act: (sink: Sink) => Promise<void>): Promise<void> {
    const failures = await Promise.all(
      this.#live.map((sink) =>
        act(sink).then(
          () => undefined,
          (error: unknown) => ({ sink, error }),
        ),
      ),
    );
    for (const failure of failures) if (failure) this.failures.push(failure);
    this.#live = this.#live.filter((sink) => !this.failures.some((failure) => failure.sink === sink));
    if (this.#live.length === 0) throw new AllFailed();
  }
}

/** There is nobody to write to any more; why each has failed, the tee knows. */
export class AllFailed extends Failure {
  constructor() {
    super('no sink is left.');
  }
}

export function unwritable(name: string, error: unknown): Failure {
  return new Failure(`cannot write ${name}: ${reasonOf(error)}.`);
}

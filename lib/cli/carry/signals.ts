/** What signals ask for. */

export type StopSignal = 'SIGINT' | 'SIGTERM';

const STOPS: readonly StopSignal[] = ['SIGINT', 'SIGTERM'];

/** What a shell calls a program that a signal has ended. */
export const EXIT_CODES: Record<StopSignal, number> = { SIGINT: 130, SIGTERM: 143 };

/** Listens until `dispose()`. */
export class Signals {
  readonly #stopped = new AbortController();
  readonly #others: readonly [NodeJS.Signals, () => void][];
  readonly #onStop: (signal: NodeJS.Signals) => void;
  by: StopSignal | undefined;

  constructor(others: Partial<Record<NodeJS.Signals, () => void>>) {
    this.#others = Object.entries(others) as [NodeJS.Signals, () => void][];
    this.#onStop = (signal) => {
      this.by = signal as StopSignal;
      // The next one does what it does to every program.
      for (const name of STOPS) process.off(name, this.#onStop);
      this.stop();
    };
    for (const name of STOPS) process.on(name, this.#onStop);
    for (const [name, listener] of this.#others) process.on(name, listener);
  }

  /** Aborted when it is time to stop. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Something else says that it is time. */
  stop(): void {
    this.#stopped.abort();
  }

  dispose(): void {
    for (const name of STOPS) process.off(name, this.#onStop);
    for (const [name, listener] of this.#others) process.off(name, listener);
  }
}

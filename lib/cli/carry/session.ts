/** One run of a command that carries bytes: who is written to, when it stops, and how it ends. */
import { Failure } from '../failure';
import { tellSentence } from '../output';
import { AllFailed, type Sink, Tee, unwritable } from '../sinks';
import { type Source, unreadable } from '../sources';
import { carry, type Load, type Rules, type Way } from './carry';
import { type Figures, figuresOf, sentenceOf } from './figures';
import { lossesOf } from './losses';
import { Observer, type Shown } from './observer';
import { Outlet } from './outlet';
import { EXIT_CODES, Signals } from './signals';

const [DONE, FAILED, LOST, LEFT] = [0, 1, 3, 141];

export interface SessionOptions {
  /** What is between the sinks and what is written to them. */
  wrap?: ((sink: Sink) => Sink) | undefined;
  /** How many bytes may come. */
  room?: number | undefined;
  /** For so many milliseconds. */
  duration?: number | undefined;
  /** What the sources have: chunks, records. */
  unit: string;
  /** How it goes. */
  shown?: Shown | undefined;
  /** Where to see it. */
  view?: AsyncDisposable | undefined;
  /** What to say at the end, instead of what was lost. */
  summary?: (() => string) | undefined;
}

export class Session {
  readonly load: Load;
  readonly outlet: Outlet;
  readonly signals: Signals;
  readonly observer: Observer;
  readonly #view: AsyncDisposable | undefined;
  readonly #begun = performance.now();
  readonly #tee: Tee;
  readonly #unit: string;
  readonly #summary: (() => string) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #failures: Failure[] = [];
  readonly #losses: string[] = [];
  readonly #sources: Source[] = [];

  constructor(sinks: readonly Sink[], options: SessionOptions) {
    const { wrap = (sink: Sink): Sink => sink, room = Infinity, duration, unit, summary, shown, view } = options;
    this.#view = view;
    this.#summary = summary;
    this.#tee = new Tee(sinks);
    this.outlet = new Outlet(wrap(this.#tee));
    this.load = { bytes: 0, room };
    this.#unit = unit;
    // What fails then is told by the next write.
    this.signals = new Signals({
      SIGHUP: () => void this.outlet.reopen().catch(() => undefined),
      SIGUSR1: () => this.#printFigures(),
    });
    this.observer = new Observer(shown ?? { progress: false, stats: undefined }, () => this.#figures(), unit);
    if (duration !== undefined) this.#timer = setTimeout(() => this.signals.stop(), duration);
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  /** Whether it makes sense to go on with another source. */
  get goesOn(): boolean {
    return !this.hasFailed && !this.signals.stopped.aborted && this.load.room > 0;
  }

  /** Something could not be done; the others go on. */
  fail(failure: Failure): void {
    this.#failures.push(failure);
  }

  /** Never throws what the source or a sink fails with: `end()` tells. */
  async carry(source: Source, rules: Omit<Rules, 'stopped'> = {}, way: Way = this.outlet): Promise<void> {
    this.#sources.push(source);
    try {
      await carry(source.stream, way, this.load, { ...rules, stopped: this.signals.stopped });
    } catch (error) {
      this.fail(error instanceof Failure ? error : unreadable(source.name, error));
      // Why each sink has failed the tee knows. The other sources have nowhere to go either.
      if (error instanceof AllFailed) this.signals.stop();
    }
    const lost = lossesOf(source.stream.stats(), this.#unit);
    if (lost !== '') this.#losses.push(`${source.name}: lost ${lost}.`);
  }

  /** Says what is to be said, and returns the exit code. */
  async end(): Promise<number> {
    clearTimeout(this.#timer);
    await this.#endSinks();
    this.signals.dispose();
    this.observer.end();
    await this.#view?.[Symbol.asyncDispose]();
    if (this.#tee.wasLeft) return LEFT;
    if (this.observer.failure) this.fail(this.observer.failure);
    const failures = this.#failures.filter((error) => !(error instanceof AllFailed));
    failures.push(...this.#tee.failures.map(({ sink, error }) => unwritable(sink.name, error)));
    const sentences = [
      ...failures.map(({ message }) => message),
      ...(this.#summary ? [this.#summary()] : this.#losses),
    ];
    for (const sentence of sentences) if (sentence !== '') tellSentence(sentence);
    if (failures.length > 0) return FAILED;
    if (this.#losses.length > 0) return LOST;
    return this.signals.by === undefined ? DONE : EXIT_CODES[this.signals.by];
  }

  #figures(): Figures {
    const streams = this.#sources.map(({ stream }) => stream);
    return figuresOf(streams, this.load, this.#begun);
  }

  #printFigures(): void {
    const stopping = this.signals.stopped.aborted ? '; stopping' : '';
    tellSentence(`${sentenceOf(this.#figures(), this.#unit)}${stopping}`);
  }

  async #endSinks(): Promise<void> {
    try {
      await this.outlet.end();
    } catch (error) {
      if (!(error instanceof AllFailed)) this.#failures.push(unwritable(this.outlet.name, error));
    }
  }
}

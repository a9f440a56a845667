/** Shows every second how it goes: as a line, as objects, or both. */
import { isatty } from 'node:tty';

import type { Arguments } from '../arguments';
import type { Failure } from '../failure';
import { tell } from '../output';
import type { Figures } from './figures';
import { progressLine } from './progress';
import { StatsFile } from './stats-file';

const PERIOD_MS = 1000;
const STANDARD_ERROR = 2;
const DEFAULT_COLUMNS = 120;
/** What goes to the start of the line, and empties it. */
const RENEW = '\r\x1b[K';

export interface Shown {
  progress: boolean;
  /** Where the objects go. */
  stats: StatsFile | undefined;
}

/** What is asked for; a line without being asked where somebody sees it. `sinks`: where the bytes go. */
export function shownOf(args: Arguments, sinks: readonly string[]): Shown {
  const [, format, path] = /^(json)(?:=(.+))?$/.exec(args.text('stats') ?? 'json') ?? [];
  if (format === undefined) throw args.wrong(`--stats takes json or json=FILE, and not "${args.text('stats')}".`);
  const isSeen = isatty(STANDARD_ERROR) && !(sinks.includes('-') && isatty(1));
  const stats = args.text('stats') === undefined ? undefined : new StatsFile(path);
  return { progress: args.has('progress') || (isSeen && !args.has('quiet')), stats };
}

export class Observer {
  readonly #shown: Shown;
  readonly #figures: () => Figures;
  readonly #unit: string;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #renews = isatty(STANDARD_ERROR);
  /** How many bytes there will be. */
  total: number | undefined;
  #last = { bytes: 0, seconds: 0 };

  constructor(shown: Shown, figures: () => Figures, unit: string) {
    this.#shown = shown;
    this.#figures = figures;
    this.#unit = unit;
    if (shown.progress || shown.stats !== undefined) this.#timer = setInterval(() => this.#show(false), PERIOD_MS);
  }

  /** What could not be shown. */
  get failure(): Failure | undefined {
    return this.#shown.stats?.failure;
  }

  /** For the last time. */
  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#show(true);
    this.#shown.stats?.close();
  }

  #show(done: boolean): void {
    const figures = this.#figures();
    if (this.#shown.progress) this.#showLine(figures, done);
    const { total } = this;
    this.#shown.stats?.write({ ...figures, ...(total !== undefined && { total }), done });
  }

  #showLine(figures: Figures, done: boolean): void {
    const { bytes, seconds } = this.#last;
    // At the end what counts is how fast all of it was.
    const now = done ? figures.rate : (figures.bytes - bytes) / (figures.seconds - seconds);
    this.#last = figures;
    // A terminal may say that it has none.
    const { columns } = process.stderr;
    const line = progressLine(figures, now, this.total, this.#unit, columns > 0 ? columns : DEFAULT_COLUMNS);
    const text = this.#renews ? `${RENEW}${line}${done ? '\n' : ''}` : `${line}\n`;
    tell(text);
  }
}

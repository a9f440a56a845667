/** Shows every second how it goes: as a line, as objects, or both. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

import type { Arguments } from '../arguments';
import { Failure, reasonOf } from '../failure';
import type { Figures } from './figures';
import { progressLine } from './progress';

const PERIOD_MS = 1000;
const STANDARD_ERROR = 2;
const DEFAULT_COLUMNS = 120;
/** What goes to the start of the line, and empties it. */
const RENEW = '\r\x1b[K';

export interface Shown {
  progress: boolean;
  /** The descriptor that the objects go to. */
  stats: number | undefined;
}

function openStats(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new Failure(`cannot write ${path}: ${reasonOf(error)}.`);
  }
}

/** What is asked for; a line without being asked where somebody sees it. `sinks`: where the bytes go. */
export function shownOf(args: Arguments, sinks: readonly string[]): Shown {
  const [, format, path] = /^(json)(?:=(.+))?$/.exec(args.text('stats') ?? 'json') ?? [];
  if (format === undefined) throw args.wrong(`--stats takes json or json=FILE, and not "${args.text('stats')}".`);
  const isSeen = isatty(STANDARD_ERROR) && !(sinks.includes('-') && isatty(1));
  const stats = args.text('stats') === undefined ? undefined : path === undefined ? STANDARD_ERROR : openStats(path);
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

  /** For the last time. */
  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#show(true);
    const { stats } = this.#shown;
    if (stats !== undefined && stats !== STANDARD_ERROR) closeSync(stats);
  }

  #show(done: boolean): void {
    const figures = this.#figures();
    if (this.#shown.progress) this.#showLine(figures, done);
    if (this.#shown.stats === undefined) return;
    const { total } = this;
    writeSync(this.#shown.stats, `${JSON.stringify({ ...figures, ...(total !== undefined && { total }), done })}\n`);
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
    process.stderr.write(text);
  }
}

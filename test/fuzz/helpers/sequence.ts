/** One sequence: streams that are made and used at random, and then all that must be so when they are closed. */
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { setImmediate as turn, setTimeout as time } from 'node:timers/promises';

import { commonOptions, give, type Options } from './arguments';
import { describe, isDocumented } from './errors';
import { fileOrigins } from './files';
import { madeOrigins } from './makers';
import { firstUses, operations } from './operations';
import type { Origin } from './origins';
import { peerOrigins } from './peers';
import type { Place } from './place';
import { Random } from './random';
import type { Operation, Stage } from './stage';
import { Watched, type Report } from './watched';
import { runWorker } from './worker';

const ORIGINS = [...fileOrigins, ...peerOrigins, ...madeOrigins];
const MOST_STEPS = 40;

/** What takes longer hangs. */
const PATIENCE_MS = 20_000;

interface Made {
  origin: Origin;
  taken: boolean;
}

export class Sequence {
  readonly #place: Place;
  readonly #random: Random;
  readonly #report: Report;
  readonly #trace: (text: string) => void;
  readonly #streams: Watched[] = [];
  readonly #origins: Made[] = [];
  readonly #aborts: [stream: number, controller: AbortController][] = [];
  readonly #stage: Stage = { pending: new Map(), sinks: [] };

  constructor(seed: number, place: Place, report: Report, trace: (text: string) => void) {
    this.#place = place;
    this.#random = new Random(seed);
    this.#report = report;
    this.#trace = trace;
  }

  async run(): Promise<void> {
    await this.#make();
    for (let steps = this.#random.below(MOST_STEPS); steps > 0; steps--) {
      await this.#step();
      await this.#pause();
    }
    await this.#end();
  }

  async #step(): Promise<void> {
    const random = this.#random;
    if (random.oneIn(6) || this.#streams.length === 0) return this.#make();
    const watched = random.of(this.#streams);
    if (random.oneIn(4)) {
      const { origin, number } = watched;
      if (origin.poke) this.#trace(`${number}: other end: ${origin.poke(random)}`);
      // A loop that begins then may end without an error, also over a stream of node:fs, where `autoClose` is false.
      if (watched.stream.destroyed) watched.wasStopped = true;
      return;
    }
    if (random.oneIn(100) && isMainThread) {
      this.#trace('a worker …');
      return runWorker(this.#place, random, this.#report);
    }
    if (random.oneIn(30) && this.#aborts.length > 0) {
      const [number, controller] = random.of(this.#aborts);
      this.#trace(`${number}: abort`);
      controller.abort();
      return;
    }
    this.#operate(watched, ...random.of(operations));
  }

  #operate(watched: Watched, name: string, operation: Operation): void {
    const random = this.#random;
    this.#trace(`${watched.number}: ${name} …`);
    try {
      const did = operation(watched, random, this.#stage);
      this.#trace(`${watched.number}: ${did ?? 'not for this one'}`);
    } catch (error) {
      this.#trace(`${watched.number}: ${name} threw ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
      watched.failed(name, error);
    }
  }

  async #pause(): Promise<void> {
    const kind = this.#random.below(6);
    if (kind === 0) await time(this.#random.below(4));
    if (kind === 1) await turn();
    if (kind === 2) await Promise.resolve();
  }

  async #make(): Promise<void> {
    const random = this.#random;
    const origin = await random.of(ORIGINS)(this.#place, random);
    if (!origin) return;
    const options: Options = { ...commonOptions(random, origin.live, origin.text), ...origin.options };
    const number = this.#streams.length;
    if (random.oneIn(10)) {
      const controller = new AbortController();
      options.signal = controller.signal;
      this.#aborts.push([number, controller]);
    }
    const given = give(options, random);
    // What autoClose: false leaves open, destroy() closes; nobody does when the worker is terminated before.
    if (!isMainThread && given.effective.autoClose === false) return void origin.close(false);
    const made: Made = { origin, taken: false };
    this.#origins.push(made);
    this.#trace(`${number}: make ${origin.name}, ${given.how}, ${print(options)}`);
    try {
      const stream = origin.create(given.options);
      const { autoClose, emitClose, overflow, fd } = given.effective;
      made.taken = autoClose !== false && (options.fd === undefined || fd === options.fd);
      const facts = { emitClose: emitClose !== false, mayDrop: (overflow ?? 'block') !== 'block' };
      const watched = new Watched(number, stream, origin, facts, this.#report);
      watched.isTamperedWith = !given.right;
      this.#streams.push(watched);
      if (random.oneIn(2)) this.#operate(watched, ...random.of(firstUses));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.#trace(`${number}: threw ${code ?? String(error)}`);
      const isExpected = isDocumented(error) && (!given.right || origin.mayThrow === true);
      if (!isExpected) this.#report(`make ${origin.name}, ${given.how}: ${describe(error)}`);
    }
  }

  async #end(): Promise<void> {
    this.#trace('the end');
    for (const { stream } of this.#streams) stream.destroy();
    for (const { stream, number, origin } of this.#streams) {
      const closed = until(() => stream.closed);
      await this.#within(`'close' of stream ${number} (${origin.name})`, closed);
    }
    for (const sink of this.#stage.sinks) {
      const closed = until(() => sink.destroy().closed);
      await this.#within('a destination', closed);
    }
    for (const [name, { settled, isDue }] of this.#stage.pending) {
      if (isDue()) await this.#within(name, settled);
    }
    for (const { origin, taken } of this.#origins) {
      await this.#within(origin.name, Promise.resolve(origin.close(taken)));
    }
    // What comes late.
    for (let turns = 0; turns < 3; turns++) await turn();
    for (const watched of this.#streams) {
      for (const release of watched.retained) release();
      watched.checkClosed();
    }
  }

  async #within(what: string, promise: Promise<unknown>): Promise<void> {
    const late = new AbortController();
    const timeout = time(PATIENCE_MS, 'late', { signal: late.signal }).catch(() => undefined);
    if ((await Promise.race([promise, timeout])) === 'late') this.#report(`hangs: ${what}`);
    late.abort();
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

function print(options: Options): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${inspect(value, { depth: -1 })}`)
    .join(', ');
}

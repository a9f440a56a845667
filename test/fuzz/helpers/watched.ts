/** A stream, and what must hold of it whatever is done to it. */
import type { ProducerStream } from 'slipring';

import { describe, mayComeFromStream } from './errors';
import { Reader } from './reader';
import type { Origin } from './origins';

/** None of these comes after 'close'. */
const LATE = new Set(['data', 'end', 'error', 'close', 'gap', 'open', 'ready', 'listening', 'readable']);

export type Report = (problem: string) => void;

export class Watched {
  readonly #report: Report;
  /** How often each event came. */
  readonly #events = new Map<string | symbol, number>();
  /** What destroy() was called with: that is its error then, whatever it is. */
  readonly given = new Set<unknown>();
  /** How many read it, or have. Of one alone is known that it misses nothing. */
  readers = 0;
  /** Chunks may be missing for a reader, because somebody took or dropped them. */
  hasHoles: boolean;
  /** Somebody pushed bytes of his own. */
  isTamperedWith = false;
  /** Destroyed by somebody, not by its end. */
  wasStopped = false;
  /** Called when somebody gives back what was retained. */
  readonly retained: (() => void)[] = [];

  constructor(
    readonly number: number,
    readonly stream: ProducerStream,
    readonly origin: Origin,
    readonly options: { emitClose: boolean; mayDrop: boolean },
    report: Report,
  ) {
    this.hasHoles = options.mayDrop;
    this.#report = (problem) => report(`stream ${number} (${origin.name}): ${problem}`);
    const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: unknown[]) => boolean;
    stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
      this.#onEvent(event, values[0]);
      return emit(event, ...values);
    };
    stream.on('error', () => undefined);
  }

  get isObjects(): boolean {
    return this.stream.readableObjectMode;
  }

  count(event: string): number {
    return this.#events.get(event) ?? 0;
  }

  problem(text: string): void {
    this.#report(text);
  }

  /** `exclusive`: nobody else has read before. */
  reader(): Reader {
    return new Reader(this);
  }

  /** To be called with what a method of the stream, or something that waits for it, failed with. */
  failed(what: string, error: unknown): void {
    if (!mayComeFromStream(error) && !this.given.has(error)) this.problem(`${what}: ${describe(error)}`);
  }

  /** To be called when the stream is closed, and all that followed has happened. */
  checkClosed(): void {
    const close = this.count('close');
    if (close !== (this.options.emitClose ? 1 : 0)) this.problem(`'close' came ${close} times`);
    this.checkStats();
  }

  checkStats(): void {
    const stats = this.stream.stats();
    const wrong = Object.entries(stats).filter(([, value]) => !Number.isSafeInteger(value) || value < 0);
    const { slots, slotsFree, slotsReady, slotsLent, bytesProduced, bytesDelivered, chunksProduced, chunksDelivered } =
      stats;
    const isWhole = slotsFree + slotsReady + slotsLent === slots;
    if (wrong.length > 0 || !isWhole || bytesDelivered > bytesProduced || chunksDelivered > chunksProduced) {
      this.problem(`stats: ${JSON.stringify(stats)}`);
    }
  }

  #onEvent(event: string | symbol, value: unknown): void {
    const before = this.#events.get(event) ?? 0;
    this.#events.set(event, before + 1);
    const name = String(event);
    if (this.count('close') > (event === 'close' ? 1 : 0) && LATE.has(name))
      this.problem(`'${name}' after 'close' ${new Error().stack ?? ''}`);
    if (before > 0 && (event === 'error' || event === 'end' || event === 'open')) this.problem(`'${name}' again`);
    if (event === 'data' && this.count('end') > 0) this.problem("'data' after 'end'");
    if (event === 'error') this.failed("'error'", value);
  }
}

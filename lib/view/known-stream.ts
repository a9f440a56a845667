/** What a view knows of one stream, also when that is gone. */
import type { Stats } from '../ring';
import type { ProducerStream, StreamMessage } from '../stream';
import { Happenings } from './happenings';
import { Motion, STILL } from './motion';
import { nameOf } from './name';
import { Sampling } from './sampling';
import type { ViewedStream } from './snapshot';
import { waitingOf } from './waiting';

export class KnownStream {
  readonly happenings = new Happenings();
  readonly #id: number;
  readonly #source: StreamMessage['source'];
  readonly #since = Date.now();
  readonly #motion = new Motion();
  /** Weak: one that has ended and is not closed is nobody's but the program's. */
  readonly #stream: WeakRef<ProducerStream>;
  #name: string | undefined;
  #opened = false;
  #isWaiting = false;
  #until: number | undefined;
  #error: ViewedStream['error'] = null;
  #stats: Stats;
  #stall: { since: number; bytes: number } | undefined;
  #latency: Sampling | undefined;

  constructor(id: number, stream: ProducerStream, source: StreamMessage['source']) {
    this.#id = id;
    this.#source = source;
    this.#stream = new WeakRef(stream);
    this.#stats = stream.stats();
    this.#name = nameOf(stream, source, undefined);
  }

  get hasEnded(): boolean {
    return this.#until !== undefined;
  }

  get until(): number {
    return this.#until ?? Infinity;
  }

  /** Somebody watches: what costs something begins. */
  watch(): void {
    const stream = this.#stream.deref();
    if (stream) this.#latency ??= new Sampling(stream);
    this.#look();
    this.#motion.look(this.#stats); // what the first snapshot is compared with
  }

  /** Nobody does. */
  rest(): void {
    this.#latency?.stop();
    this.#latency = undefined;
    this.#motion.forget();
  }

  opened(): void {
    this.#opened = true;
  }

  /** It is still there. */
  met({ opened, isWaiting }: { opened: boolean; isWaiting: boolean }): void {
    this.#opened = opened;
    this.#isWaiting = isWaiting;
  }

  failed(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    this.#error = { code: typeof code === 'string' ? code : null, message: error.message };
  }

  stalled(duration: number, stats: Stats): void {
    this.#stall = { since: Date.now() - duration, bytes: stats.bytesDelivered };
    this.happenings.stall(duration, stats);
  }

  /** Its thread is gone: nothing moves any more. */
  ended(): void {
    this.#until ??= Date.now();
    this.#look();
    this.rest();
  }

  snapshot(now: number): ViewedStream {
    if (!this.hasEnded) this.#look();
    const stats = this.#stats;
    if (this.#stall && this.#stall.bytes !== stats.bytesDelivered) this.#stall = undefined;
    const isOpen = this.#opened && !this.hasEnded;
    const known = {
      id: this.#id,
      name: this.#name ?? this.#source,
      source: this.#source,
      state: this.#state(),
      since: this.#since,
      until: this.#until ?? null,
      error: this.#error,
      stats,
      // The thread takes a slot before it asks the source. One that was released may be free, and not be its yet.
      slotsFilling: isOpen && stats.slotsFree > 0 && !this.#isWaiting ? 1 : 0,
      ...(this.hasEnded ? STILL : this.#motion.look(stats)),
      stalledSince: isOpen ? (this.#stall?.since ?? null) : null,
      latency: this.#latency?.take() ?? null,
      counts: this.happenings.counts,
      happenings: [...this.happenings.list],
    };
    return { ...known, waiting: waitingOf(known, now) };
  }

  #state(): ViewedStream['state'] {
    if (this.#error) return 'failed';
    if (this.hasEnded) return 'ended';
    return this.#opened ? 'open' : 'opening';
  }

  #look(): void {
    const stream = this.#stream.deref();
    if (!stream) return;
    this.#stats = stream.stats();
    this.#name = nameOf(stream, this.#source, this.#name);
  }
}

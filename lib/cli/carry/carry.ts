/** From a stream to the sinks, slot by slot: the memory is lent until the last sink is done with it. */
import type { Position } from '../../ring';
import type { ProducerStream } from '../../stream';
import type { Pace } from './pace';

export interface Rules {
  /** What to carry, when that is not what the stream's slots have. */
  loans?: AsyncIterableIterator<Loan> | undefined;
  /** Aborted when to stop: what has been read by then is still written. */
  stopped: AbortSignal;
  pace?: Pace | undefined;
  /** Sees all bytes. */
  hash?: { update(bytes: Buffer): unknown } | undefined;
  /** All of a slot was written. */
  onWritten?: ((loan: Loan) => void) | undefined;
}

/** A slot, or what was made of it. It is lent until the next one is asked for. */
export interface Loan {
  data: Buffer;
  /** Of a file: where to read on after it. */
  end?: Position | undefined;
  /** How many of its bytes to write when only so many may be, fewer than it has; without it, just so many. */
  fitting?: ((room: number) => number) | undefined;
}

/** What all goes through. */
export interface Way {
  /** Of the loan these bytes. */
  write(bytes: Buffer, loan: Loan): Promise<void>;
}

/** What is under way, for whoever shows it. */
export interface Load {
  bytes: number;
  /** How many more may come. */
  room: number;
}

/** How many more slots to take. */
class Rest {
  readonly #stream: ProducerStream;
  #left = Infinity;
  isWaiting = false;

  constructor(stream: ProducerStream) {
    this.#stream = stream;
  }

  /** Those that are full, and the one that is being written. */
  readonly limit = (): void => {
    const ready = this.#stream.stats().slotsReady;
    if (ready === 0 && this.isWaiting) this.#stream.destroy();
    else this.#left = ready + (this.isWaiting ? 0 : 1);
  };

  /** One was written. @returns whether to go on */
  next(): boolean {
    this.#left--;
    return this.#left > 0;
  }
}

async function write(bytes: Buffer, loan: Loan, way: Way, { pace, hash }: Rules): Promise<void> {
  const written = way.write(bytes, loan);
  try {
    hash?.update(bytes);
  } finally {
    await written;
  }
  await pace?.after(bytes.length);
}

/** @returns when the stream has ended, all that may come has come, or it was stopped @throws what the stream fails with */
export async function carry(stream: ProducerStream, way: Way, load: Load, rules: Rules): Promise<void> {
  const { stopped, pace } = rules;
  const loans = rules.loans ?? (stream.slots() as AsyncIterableIterator<Loan>);
  const rest = new Rest(stream);
  if (stopped.aborted || load.room === 0) return void stream.destroy();
  stopped.addEventListener('abort', rest.limit);
  try {
    for (;;) {
      rest.isWaiting = true;
      const next = await loans.next();
      rest.isWaiting = false;
      if (next.done) return;
      const { data, fitting } = next.value;
      const isLast = data.length >= load.room;
      const bytes = data.length > load.room ? data.subarray(0, fitting?.(load.room) ?? load.room) : data;
      for (let at = 0; at < bytes.length; at += pace?.piece ?? bytes.length) {
        const piece = pace ? bytes.subarray(at, at + pace.piece) : bytes;
        await write(piece, next.value, way, rules);
        load.bytes += piece.length;
        load.room -= piece.length;
      }
      rules.onWritten?.(next.value);
      if (isLast) load.room = 0;
      if (isLast || !rest.next()) return;
    }
  } catch (error) {
    const wasStopped = stopped.aborted && (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!wasStopped) throw error;
  } finally {
    stopped.removeEventListener('abort', rest.limit);
    await loans.return?.();
  }
}

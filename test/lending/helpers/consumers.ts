/** Writables that slots are lent to, and how to see whether they were. */
import { Writable, type WritableOptions } from 'node:stream';

import { turn } from '../../helpers/waiting';

const consumesOnWrite = Symbol.for('slipring.consumesOnWrite');

/** Makes a sink promise that it is done with a chunk when it calls back. */
export function promising<Sink extends object>(sink: Sink): Sink {
  return Object.assign(sink, { [consumesOnWrite]: true });
}

/** A sink that promises so. */
export function consumer(options: WritableOptions): Writable {
  return promising(new Writable(options));
}

/** A write that waits for its answer. */
export interface Pending {
  chunk: Buffer;
  /** What the chunk was when it came. */
  copy: Buffer;
  done: (error?: Error | null) => void;
}

/** A consumer that calls back when the test says so, and that is full after each chunk unless it is told otherwise. */
export class Reluctant {
  readonly pending: Pending[] = [];
  readonly sink: Writable;

  constructor(options: WritableOptions = {}) {
    this.sink = consumer({
      highWaterMark: 1,
      ...options,
      write: (chunk: Buffer, _encoding, done) => void this.pending.push({ chunk, copy: Buffer.from(chunk), done }),
    });
  }

  /** The next write that has come, or will. */
  async next(): Promise<Pending> {
    while (this.pending.length === 0) await turn();
    return this.pending.shift() as Pending;
  }
}

/** How often memory for a slot of that size was allocated while `body` ran. */
export async function allocationsDuring(slotSize: number, body: () => Promise<unknown>): Promise<number> {
  const allocUnsafeSlow = Buffer.allocUnsafeSlow.bind(Buffer);
  let count = 0;
  Buffer.allocUnsafeSlow = (size) => {
    // The slot, and what is needed to begin it at a page boundary.
    if (size >= slotSize && size <= slotSize + 65536) count++;
    return allocUnsafeSlow(size);
  };
  try {
    await body();
  } finally {
    Buffer.allocUnsafeSlow = allocUnsafeSlow;
  }
  return count;
}

/**
 * A pipe into a file for which the ring's own thread writes: it finds what it has just read in its cache, and wakes nobody for
 * a chunk.
 *
 * For Node that is one write that takes long. The first chunk is written by Node, and its callback comes when the thread has
 * stopped: until then whatever is written to the file besides waits in its queue, `destroy()` waits with closing it, and the
 * pipe for `'drain'`. What the thread cannot write comes through the ring as any other chunk, so errors are Node's own.
 */
import fs from 'node:fs';
import type { Writable } from 'node:stream';

import type { LentSlot, Writing } from '../ring';
import { fileSystemOf, isFileSink } from './sinks';

/** What Node knows of it. */
interface FileSink extends Writable {
  bytesWritten: number;
  pos: number | undefined;
}

type Answer = (error: NodeJS.ErrnoException | null, written: number, data: Buffer) => void;

/** Taken now: an application may put another one there, which would be passed by. */
const { write } = fs;

/** Before the thread begins, the first chunk has to be written. */
interface Begun {
  readonly sink: FileSink;
  readonly length: number;
  isOver: () => void;
  byThread: boolean;
}

export class ThreadWrites {
  readonly #writing: Writing | undefined;
  readonly #isAlone: (sink: Writable) => boolean;
  readonly #onEnd: () => void;
  #begun: Begun | undefined;
  #interrupted = false;

  /**
   * `isAlone`: whether the stream still has this destination and no other consumer. `onEnd` is called when others may have what
   * follows.
   */
  constructor(writing: Writing | undefined, isAlone: (sink: Writable) => boolean, onEnd: () => void) {
    this.#writing = writing;
    this.#isAlone = isAlone;
    this.#onEnd = onEnd;
  }

  /** Nothing is to be taken from the ring, or written to the destination. */
  get underWay(): boolean {
    return this.#begun !== undefined;
  }

  /** Writes the slot as `sink.write(slot.data, done)` does; what follows it may be the thread's. */
  write(sink: Writable, slot: LentSlot, done: (error?: unknown) => void): unknown {
    if (this.#writing === undefined || !isFileSink(sink) || fs.write !== write) return sink.write(slot.data, done);
    const key = fileSystemOf(sink) as keyof Writable;
    // Called at once, or not at all: then others wait to be written before.
    const first = (fd: number, data: Buffer, offset: number, length: number, position: number | null, answer: Answer) =>
      this.#writeFirst(sink as FileSink, slot, [fd, data, offset, length, position], answer);
    Object.assign(sink, { [key]: Object.assign(Object.create(fs) as object, { write: first }) });
    try {
      return sink.write(slot.data, done);
    } finally {
      Object.assign(sink, { [key]: fs });
    }
  }

  /** To be called in each turn of the stream. */
  turn(): void {
    if (!this.#begun?.byThread) return;
    const goesOn = this.#writing?.goesOn;
    this.#count(this.#begun);
    if (!goesOn) this.#end(this.#begun);
    else if (!this.#isUndisturbed(this.#begun)) this.interrupt();
  }

  /** Somebody else is to get what follows. */
  interrupt(): void {
    this.#interrupted = true;
    if (this.#begun?.byThread) this.#writing?.stop();
  }

  /** The thread has ended. */
  close(): void {
    if (!this.#begun?.byThread) return;
    this.#count(this.#begun);
    this.#end(this.#begun);
  }

  #writeFirst(
    sink: FileSink,
    slot: LentSlot,
    [fd, data, offset, length, position]: [number, Buffer, number, number, number | null],
    answer: Answer,
  ): void {
    const begun: Begun = { sink, length, isOver: () => undefined, byThread: false };
    this.#begun = begun;
    this.#interrupted = false;
    write(fd, data, offset, length, position, (error, written) => {
      begun.isOver = () => answer(error, written, data);
      const goesOn = this.#begun === begun && !error && written === length && !this.#interrupted;
      if (goesOn && this.#isUndisturbed(begun) && this.#begin(begun, fd, slot)) this.turn();
      else this.#end(begun);
    });
  }

  #begin(begun: Begun, fd: number, slot: LentSlot): boolean {
    slot.release(); // the thread needs one
    begun.byThread = this.#writing?.begin(fd, begun.sink.pos) === true;
    // Not when Node does: that is at the end.
    if (begun.byThread) begun.sink.bytesWritten += begun.length;
    return begun.byThread;
  }

  #isUndisturbed({ sink, length }: Begun): boolean {
    return !sink.destroyed && !sink.writableEnded && sink.writableLength === length && this.#isAlone(sink);
  }

  #count({ sink }: Begun): void {
    const bytes = this.#writing?.count() ?? 0;
    sink.bytesWritten += bytes;
    if (sink.pos !== undefined) sink.pos += bytes;
  }

  #end(begun: Begun): void {
    const { sink, length, byThread } = begun;
    if (this.#begun === begun) this.#begun = undefined;
    if (byThread && !sink.destroyed) sink.bytesWritten -= length; // now Node counts it
    begun.isOver();
    this.#onEnd();
  }
}

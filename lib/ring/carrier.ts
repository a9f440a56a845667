/**
 * Has the native thread itself write to the file that a stream is piped into. What it has read lies in its processor's
 * cache then, and no other thread is woken for it.
 *
 * All else stays Node's: what the thread does in some milliseconds is one write of the fs.WriteStream, of no bytes, whose
 * fs.write() is this. So whatever else is written, end() and destroy() wait for it as for any other write.
 */
import fs from 'node:fs';
import type { Writable } from 'node:stream';

import { systemFailed, throwLater } from '../errors';
import { Carried, FINISHED, hasLibuv, NOTHING_READY, type NativeProducer } from '../native';
import type { RingReader } from './reader';
import { writesWith } from './sinks';
import type { SlotMemory } from './memory';
import type { Delivered } from './stats';
import type { Turns } from './turns';

type Callback = (error: Error | null, written: number, buffer: Buffer) => void;
/** An fs.WriteStream as it is. */
type FileSink = Writable & { fd: unknown; pos: number | undefined; bytesWritten: number } & Record<symbol, unknown>;
type Write = (
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
  at: number | undefined,
  done: Callback,
) => void;

/** What the thread was asked to do. */
interface UnderWay {
  sink: FileSink;
  index: number;
  done: Callback;
}

const NOTHING = Buffer.alloc(0);

/** Where an fs.WriteStream is Node's own, and the addon writes to files. */
export const carries = hasLibuv && process.platform !== 'win32';

/** Who replaces it wants to see every write. */
const { write: nodeWrite } = fs;

/** Whether what is written to it now is written at once. */
function isIdle(sink: FileSink): boolean {
  const { writableLength, writableCorked, writableEnded, writableNeedDrain, destroyed, errored } = sink;
  const open = typeof sink.fd === 'number' && !writableEnded && !destroyed && errored === null;
  return open && writableLength === 0 && writableCorked === 0 && !writableNeedDrain;
}

export class Carrier {
  readonly #native: NativeProducer;
  readonly #memory: SlotMemory;
  readonly #ring: RingReader;
  readonly #turns: Turns;
  readonly #delivered: Delivered;
  readonly #result = new Float64Array(Carried.count);
  #underWay: UnderWay | undefined;
  /** It cannot be done with this stream, or not any more. */
  #over = false;

  constructor(native: NativeProducer, memory: SlotMemory, ring: RingReader, turns: Turns, delivered: Delivered) {
    this.#native = native;
    this.#memory = memory;
    this.#ring = ring;
    this.#turns = turns;
    this.#delivered = delivered;
  }

  /** Whether the thread writes by itself. There is nothing to take until `collect()` has seen its end. */
  get underWay(): boolean {
    return this.#underWay !== undefined;
  }

  /** To be called when nothing is ready, with the sinks that would get what is. */
  offer(sinks: readonly Writable[] | undefined): void {
    if (this.#over || this.#underWay) return;
    const [sink] = sinks ?? [];
    // What is corked gives nothing back, maybe until there is more in it than a few slots.
    const mayBe = sinks?.length === 1 && sink?.writableCorked === 0 && fs.write === nodeWrite;
    const functions = mayBe ? writesWith(sink) : undefined;
    if (functions === undefined) return this.#memory.armAll();
    // What was read before is not written until all is back.
    this.#memory.keepBack(() => this.#turns.schedule());
    if (this.#memory.hasAll) this.#begin(sink as FileSink, functions);
  }

  /** To be called when something may have happened. */
  collect(): void {
    if (!this.#underWay) return;
    const taken = this.#ring.take();
    if (taken === NOTHING_READY) return;
    if (taken !== FINISHED) this.#memory.keep(taken);
    const tell = this.#finish(this.#underWay, taken !== FINISHED);
    try {
      tell();
    } catch (error) {
      throwLater(error); // a listener of the sink's; the stream itself goes on (Rule 7)
    }
  }

  /** The thread was stopped, and is done: whoever waits for the write hears how far it came. */
  stopped(): void {
    if (this.#underWay) process.nextTick(this.#finish(this.#underWay, false));
  }

  #begin(sink: FileSink, functions: symbol): void {
    const write: Write = (fd, _buffer, _offset, _length, at, done) => {
      const index = this.#memory.armFirst((slot) => this.#native.carryTo(slot, fd, at ?? -1));
      this.#underWay = { sink, index, done };
    };
    if (isIdle(sink)) {
      sink[functions] = Object.create(fs, { write: { value: write } }) as unknown;
      try {
        sink.write(NOTHING);
      } finally {
        sink[functions] = fs;
      }
    }
    if (!this.#underWay) this.#giveUp(); // somebody else writes there, too
  }

  /** Returns what tells the sink of it. `cameBack`: the slot was taken. */
  #finish({ sink, index, done }: UnderWay, cameBack: boolean): () => void {
    this.#underWay = undefined;
    this.#native.carried(index, this.#result);
    const [read = 0, written = 0, errno = 0, last = 0] = this.#result;
    if (cameBack || read > 0) this.#delivered.count(read);
    // What a write of so many bytes does. Where the sink was destroyed meanwhile, Node counts nothing; but this may be much.
    sink.bytesWritten += written;
    if (sink.pos !== undefined) sink.pos += written;
    if (last !== 0 || errno !== 0) this.#giveUp();
    return () => {
      done(errno === 0 ? null : systemFailed(errno, 'write'), 0, NOTHING);
    };
  }

  #giveUp(): void {
    this.#over = true;
    this.#memory.armAll();
  }
}

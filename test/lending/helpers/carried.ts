/** A large file, and files into which it is piped. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';

import { temporaryFolder } from '../../helpers/files';
import { ours } from '../../helpers/twins';
import { until } from '../../helpers/waiting';

export const MIB = 1024 * 1024;
/** More than a thread writes in one go. */
export const LENGTH = 64 * MIB + 5;

/** Before the thread writes by itself less than that is handed over: two small slots, and all large ones. */
const HANDED_OVER = 9 * MIB;

const EVENTS = ['open', 'ready', 'pipe', 'unpipe', 'drain', 'finish', 'error', 'close'];

/** The events of a stream, without listening to them. */
export function eventsOf(stream: fs.WriteStream): string[] {
  const events: string[] = [];
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    // How often there is one depends on how the chunks are cut.
    if (event === 'drain' ? events.at(-1) !== 'drain' : EVENTS.includes(String(event))) events.push(String(event));
    return emit(event, ...values);
  };
  stream.on('error', () => undefined);
  return events;
}

export const closing = (sink: fs.WriteStream): Promise<void> => until(() => sink.closed);

export interface UnderWay {
  stream: fs.ReadStream;
  sink: fs.WriteStream;
  events: string[];
}

export class PipedFiles {
  readonly #folder = temporaryFolder();
  input = '';
  content = Buffer.alloc(0);

  /** Call it in a `describe`. */
  constructor(readonly length = LENGTH) {
    before(() => {
      this.input = this.#folder.fill('input', length);
      this.content = fs.readFileSync(this.input);
    });
    beforeEach(() => {
      this.clear();
    });
  }

  get output(): string {
    return this.path('output');
  }

  path(name: string): string {
    return this.#folder.path(name);
  }

  clear(): void {
    fs.rmSync(this.output, { force: true });
  }

  get written(): Buffer {
    return fs.readFileSync(this.output);
  }

  assertWritten(...parts: (Buffer | string)[]): void {
    assert.ok(this.written.equals(Buffer.concat(parts.map((part) => Buffer.from(part)))), 'other bytes');
  }

  /** Whether the bytes are the end of the input, and not nothing. */
  assertRest(rest: Buffer): void {
    assert.ok(rest.length > 0 && this.content.subarray(this.length - rest.length).equals(rest), 'not the rest');
  }

  /** Until the thread has begun to write by itself. */
  async carrying(): Promise<void> {
    const size = (): number => fs.statSync(this.output, { throwIfNoEntry: false })?.size ?? 0;
    await until(() => size() > HANDED_OVER);
  }

  /** A pipe, and the thread has begun to write by itself. */
  async underWay(options: object = {}, input: unknown = this.input): Promise<UnderWay> {
    const sink = fs.createWriteStream(this.output);
    const events = eventsOf(sink);
    const stream = ours(input, options);
    stream.pipe(sink);
    await this.carrying();
    assert.ok(sink.bytesWritten < this.length, 'it is over already');
    return { stream, sink, events };
  }
}

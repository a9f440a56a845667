/** What messages are made of: a chunk, cut where records end, or where a message may not be longer. */
import type { RecordBatch } from '../records';
import { type Position, positionBehind, type Slot } from '../ring';
import { headerRoom } from './headers';
import { jetStreamFailed } from './failures';

/** What one message carries. */
export interface Piece {
  payload: Uint8Array;
  begin: Position;
  end: Position;
}

export type Chunk = Slot | RecordBatch;

export interface Cutting {
  subject: string;
  split: 'records' | 'bytes';
  /** See `PublishOptions.id`; and where what comes begins under this name. */
  id: string | undefined;
  from: number;
  /** How many bytes a message may have, headers included. */
  largest: () => number;
}

function isBatch(chunk: Chunk): chunk is RecordBatch {
  return 'strings' in chunk;
}

export class Cutter {
  readonly #cutting: Cutting;
  /** How many bytes came without a place in a file. */
  #count = 0;

  constructor(cutting: Cutting) {
    this.#cutting = cutting;
  }

  /** In their order, none left out. */
  *cut(chunk: Chunk): Generator<Piece, void, undefined> {
    let begin = chunk.position ?? this.#named(this.#bytesBefore(chunk));
    const room = this.#cutting.largest() - headerRoom(begin.file);
    const pieces = !isBatch(chunk)
      ? bytesOf(chunk, begin, room)
      : this.#cutting.split === 'records'
        ? this.#records(chunk, room)
        : this.#groups(chunk, begin, room);
    for (const { payload, end } of pieces) {
      yield { payload, begin, end };
      begin = end;
    }
    if (!isBatch(chunk)) this.#count += chunk.data.length;
  }

  #bytesBefore(chunk: Chunk): number {
    return isBatch(chunk) ? chunk.bytesBefore : this.#count;
  }

  /** A place in what is no file. */
  #named(offset: number): Position {
    const { id, from, subject } = this.#cutting;
    if (id === undefined) throw jetStreamFailed('NO_POSITION', subject);
    return { file: id, offset: from + offset };
  }

  /** Behind a record, and what ends it. */
  #behind(batch: RecordBatch, index: number): Position {
    return batch.end(index) ?? this.#named(batch.bytesBefore + rawEnd(batch, index));
  }

  *#records(batch: RecordBatch, room: number): Generator<{ payload: Uint8Array; end: Position }, void, undefined> {
    const { length } = batch;
    for (let i = 0; i < length; i++) {
      if (batch.size(i) > room) throw jetStreamFailed('TOO_LARGE', this.#cutting.subject);
      yield { payload: batch.at(i) as Buffer, end: this.#behind(batch, i) };
    }
  }

  /** As many records as fit in one message, with what lies between them. One that is too long is cut. */
  *#groups(
    batch: RecordBatch,
    begin: Position,
    room: number,
  ): Generator<{ payload: Uint8Array; end: Position }, void, undefined> {
    const { data, length } = batch;
    let from = 0;
    let at = begin;
    for (let i = 0; i < length; i++) {
      const to = rawEnd(batch, i);
      const isLast = i === length - 1;
      if (!isLast && rawEnd(batch, i + 1) - from <= room) continue;
      while (to - from > room) {
        const payload = data.subarray(from, (from += room));
        at = positionBehind(at, room, payload);
        yield { payload, end: at };
      }
      at = this.#behind(batch, i);
      yield { payload: data.subarray(from, to), end: at };
      from = to;
    }
  }
}

/** Where in a batch's data the next record's bytes begin, those included that are no part of it. */
function rawEnd(batch: RecordBatch, index: number): number {
  return index === batch.length - 1 ? batch.data.length : batch.offset(index + 1) - batch.offset(0);
}

function* bytesOf(
  { data }: Slot,
  begin: Position,
  room: number,
): Generator<{ payload: Uint8Array; end: Position }, void, undefined> {
  for (let from = 0; from < data.length; from += room) {
    const to = Math.min(from + room, data.length);
    yield { payload: data.subarray(from, to), end: positionBehind(begin, to, data) };
  }
}

/** A stream of bytes, which may be parted into records: lines, batches, and numbers that count them. */
import { StringDecoder } from 'node:string_decoder';

import { busyWithBytes, noRecords, streamBusy } from '../errors';
import { ChunkReader } from './chunk-reader';
import { LineLoop } from './line-loop';
import type { ResolvedStreamOptions } from '../options';
import { type RecordBatch, resolveFraming, StreamRecords } from '../records';
import { ProducerStream } from './producer-stream';
import { overrideEncoding } from './readable';
import type { Framing, LentSlot, Source, Stats } from '../ring';

export class ByteStream extends ProducerStream {
  static {
    overrideEncoding(this.prototype, (stream) => stream.#records && (stream.#records.encoding ?? null));
  }

  #records: StreamRecords | undefined;
  #lines: LineLoop | undefined;
  readonly #options: ResolvedStreamOptions;

  /** @internal Use the `create…Stream` functions. */
  constructor(source: Source, options: ResolvedStreamOptions) {
    super(source, options);
    this.#options = options;
    if (source.framing) this.#haveRecords(source.framing, options.encoding);
  }

  /**
   * Lines, as strings in the stream's `encoding` or UTF-8, without what ends them; or whatever `options.records` says a record
   * is. As with `readline`, the stream is destroyed when the loop is left early, and what it fails with the loop throws.
   * @throws ERR_SLIPRING_BUSY when something else reads the stream, or has read it; without `options.records` that is the
   *   background thread itself, from the turn of the event loop on that follows the one in which the stream was made.
   */
  lines(): AsyncIterableIterator<string> {
    const records = this.#records ?? this.#recordsOfLines();
    const reader = this.readDirectly();
    this.#lines = new LineLoop(reader, new ChunkReader(reader, (slot) => records.unpackStrings(slot)));
    return this.#lines;
  }

  /**
   * Lends records, a whole slot of them at a time: the fastest way to read them, with nothing made for each one. A batch is
   * valid until the next turn of the loop; see {@link RecordBatch}. The stream is destroyed when the loop is left early.
   * @throws ERR_SLIPRING_BUSY when something else reads the stream, or has read it; ERR_SLIPRING_NO_RECORDS without
   *   `options.records`.
   */
  batches(): AsyncIterableIterator<RecordBatch> {
    if (!this.#records) throw noRecords();
    return batchesOf(this.#records, this.lentSlots());
  }

  /** As in Node; of a stream with records each chunk is decoded by itself. */
  override setEncoding(encoding: BufferEncoding): this {
    if (!this.#records) return super.setEncoding(encoding);
    // Node's own machinery knows the encodings, what nothing means, and what to throw.
    const { encoding: known } = new StringDecoder(encoding) as unknown as { encoding: BufferEncoding };
    this.#records.setEncoding(known);
    return this;
  }

  override stats(): Stats {
    const stats = super.stats();
    if (!this.#records) return stats;
    const { produced, dropped, lost } = this.recordCounts();
    const chunksDelivered = this.#records.delivered;
    return { ...stats, chunksProduced: produced + lost, chunksDelivered, droppedChunks: dropped + lost };
  }

  protected override onLend(slot: LentSlot): void {
    this.#records?.countLent(slot);
  }

  protected override ofRecord(room: Buffer, begin: number, end: number): unknown {
    return this.#records?.one(room, begin, end);
  }

  /** @internal */ override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#lines?.drop(); // nothing comes any more from a stream that is destroyed
    super._destroy(error, callback);
  }

  #haveRecords(framing: Framing, encoding: BufferEncoding | undefined): StreamRecords {
    const records = new StreamRecords(framing, encoding);
    this.unpack = (slot) => records.unpack(slot);
    this.#records = records;
    return records;
  }

  #recordsOfLines(): StreamRecords {
    if (this.readBy !== 'nobody') throw streamBusy();
    const framing = resolveFraming({ records: 'lines' }, this.#options) as Framing;
    if (!this.frame(framing)) throw busyWithBytes();
    return this.#haveRecords(framing, this.readableEncoding ?? undefined); // somebody may have set one
  }
}

async function* batchesOf(
  records: StreamRecords,
  slots: AsyncIterable<LentSlot>,
): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const slot of slots) {
    const batch = records.lend(slot);
    if (!batch) continue;
    try {
      yield batch;
    } finally {
      if (!batch.retained) batch.release();
    }
  }
}

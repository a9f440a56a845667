/** What is missing in a stream, and where. */
import { ChunkInfo } from '../native';
import type { Position } from './position';

/** The argument of a stream's `'gap'` event: what is missing before the next chunk, or before the end. */
export interface Gap {
  /**
   * How many chunks. Undefined when nobody knows: the system, or a plugin, said that it has lost something, and not how
   * much.
   */
  droppedChunks: number | undefined;
  /** How many bytes they had, as far as that is known. */
  droppedBytes: number;
  /** The number of the first one, where chunks are counted from 0, the missing ones too. */
  sequence: number;
  /** With `follow`, and only there: how many files. They are no chunks, nor are the bytes that were cut off a file. */
  files?: number;
  /**
   * Of the first gap of a stream that was to be resumed: what has become of the file. It is counted as one that was lost, although
   * perhaps nothing more was in it.
   */
  reason?: 'gone' | 'cut' | 'compressed' | undefined;
  /** And where it was to be resumed. */
  position?: Position | undefined;
}

/** A gap of which it is known how much is missing. */
export interface CountedGap extends Gap {
  droppedChunks: number;
}

/** Compares what native code says came before a chunk with what was handed on. */
export class GapFinder {
  readonly #chunkInfo: Float64Array;
  /** The fields that count what the consumer gets, before a chunk and in it. */
  #before: number = ChunkInfo.sequence;
  #in: number | undefined;
  #chunks = 0;
  #bytes = 0;
  #uncounted = 0;
  #files = 0;

  constructor(chunkInfo: Float64Array) {
    this.#chunkInfo = chunkInfo;
  }

  /** From now on they are counted, and not the chunks that they come in. */
  countRecords(): void {
    this.#before = ChunkInfo.recordsBefore;
    this.#in = ChunkInfo.records;
  }

  /** What is missing before the chunk that was just taken. */
  beforeChunk(): Gap | undefined {
    const gap = this.beforeEnd();
    this.#chunks += this.#in === undefined ? 1 : (this.#chunkInfo[this.#in] as number);
    this.#bytes += this.#chunkInfo[ChunkInfo.length] as number;
    return gap;
  }

  /** A chunk was handed on that came without a slot: nothing is missing before it. */
  passed(length: number, records: number): void {
    this.#chunks += this.#in === undefined ? 1 : records;
    this.#bytes += length;
  }

  /** What is missing before the end that was just reached. */
  beforeEnd(): Gap | undefined {
    const sequence = this.#chunks;
    const bytes = this.#bytes;
    const uncounted = this.#uncounted;
    const files = this.#files;
    this.#chunks = this.#chunkInfo[this.#before] as number;
    this.#bytes = this.#chunkInfo[ChunkInfo.bytesBefore] as number;
    this.#uncounted = this.#chunkInfo[ChunkInfo.uncountedLosses] as number;
    this.#files = this.#chunkInfo[ChunkInfo.filesBefore] as number;
    const droppedChunks = this.#uncounted === uncounted ? this.#chunks - sequence : undefined;
    const droppedBytes = this.#bytes - bytes;
    if (droppedChunks !== 0) return { droppedChunks, droppedBytes, sequence };
    // Of files nobody knows what chunks they would have been.
    if (this.#files === files && droppedBytes === 0) return undefined;
    return { droppedChunks, droppedBytes, sequence, files: this.#files - files };
  }
}

/** What is missing in a stream, and where. */
import { ChunkInfo } from './native';

/** The argument of a stream's `'gap'` event: what is missing before the next chunk, or before the end. */
export interface Gap {
  /** How many chunks. */
  droppedChunks: number;
  /** How many bytes they had. */
  droppedBytes: number;
  /** The number of the first one, where chunks are counted from 0, the missing ones too. */
  sequence: number;
}

/** Compares what native code says came before a chunk with what was handed on. */
export class GapFinder {
  readonly #chunkInfo: Float64Array;
  #chunks = 0;
  #bytes = 0;

  constructor(chunkInfo: Float64Array) {
    this.#chunkInfo = chunkInfo;
  }

  /** What is missing before the chunk that was just taken. */
  beforeChunk(): Gap | undefined {
    const gap = this.beforeEnd();
    this.#chunks++;
    this.#bytes += this.#chunkInfo[ChunkInfo.length] as number;
    return gap;
  }

  /** What is missing before the end that was just reached. */
  beforeEnd(): Gap | undefined {
    const sequence = this.#chunks;
    const bytes = this.#bytes;
    this.#chunks = this.#chunkInfo[ChunkInfo.sequence] as number;
    this.#bytes = this.#chunkInfo[ChunkInfo.bytesBefore] as number;
    if (this.#chunks === sequence) return undefined;
    return { droppedChunks: this.#chunks - sequence, droppedBytes: this.#bytes - bytes, sequence };
  }
}

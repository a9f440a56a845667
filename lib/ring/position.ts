/** Where in a file a chunk is from. Made of numbers when somebody asks, and not for each chunk. */
import { ChunkInfo } from '../native';

/**
 * A place in a file: `slot.position`, `slot.end`, `batch.position`, `batch.end()`. It may be kept as JSON.
 */
export interface Position {
  /**
   * Which file, whatever its name is: device, number on it, time of birth, and a hash of what it begins with, so that neither
   * a file that got the number of one that was deleted nor one that was cut and filled anew is taken for it.
   */
  readonly file: string;
  /** How many bytes of the file are before it. */
  readonly offset: number;
}

/** The argument of `'rotate'`. */
export interface Rotation {
  /** Behind the last byte of the file that was read until now. */
  readonly from: Position;
  /** The first byte that comes of the next one; with the same name, if the file was cut and is read anew. */
  readonly to: Position;
}

export function positionIn(file: string, offset: number): Position {
  return Object.freeze({ file, offset });
}

/** Looks at each chunk that is taken: whether it is of another file than the one before. */
export class Files {
  readonly #chunkInfo: Float64Array;
  /** The same memory, for what has more bits than a double keeps. */
  readonly #words: BigUint64Array;
  #part = 0;
  #name: string | undefined;
  #end = 0;

  constructor(chunkInfo: Float64Array) {
    this.#chunkInfo = chunkInfo;
    this.#words = new BigUint64Array(chunkInfo.buffer);
  }

  /** That of the chunk that was just taken. Undefined when it is of none. */
  get name(): string | undefined {
    return this.#name;
  }

  /** To be called for each chunk. What is to be told before it. */
  pass(): Rotation | undefined {
    const name = this.#name;
    const end = this.#end;
    const part = this.#chunkInfo[ChunkInfo.part] as number;
    this.#end = this.#chunkInfo[ChunkInfo.end] as number;
    if (part === this.#part) return undefined;
    this.#part = part;
    this.#name = part === 0 ? undefined : this.#read();
    if (name === undefined || this.#name === undefined) return undefined;
    const to = positionIn(this.#name, this.#chunkInfo[ChunkInfo.offset] as number);
    return Object.freeze({ from: positionIn(name, end), to });
  }

  #read(): string {
    const words = this.#words.subarray(ChunkInfo.file, ChunkInfo.file + FILE_WORDS);
    return Array.from(words, (word) => word.toString(16)).join('-');
  }
}

/** As addon/sources/file_id.h has them. */
const FILE_WORDS = 4;

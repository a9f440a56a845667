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
  /**
   * Of an `end` that was asked for while the bytes were there: how many of the last bytes before it are checked when a stream is
   * resumed, times 2 ** 32, and a hash of them. So a file is not taken for what it was before it was cut and filled anew.
   */
  readonly check?: number;
  /**
   * With `follow`: when the file had been written to last, in milliseconds since 1970. It tells what came later, should the file
   * be gone when a stream is resumed.
   */
  readonly modified?: number;
}

/** The argument of `'rotate'`. */
export interface Rotation {
  /** Behind the last byte of the file that was read until now. */
  readonly from: Position;
  /** The first byte that comes of the next one; with the same name, if the file was cut and is read anew. */
  readonly to: Position;
}

export function positionIn(file: string, offset: number, modified = 0): Position {
  return Object.freeze(modified === 0 ? { file, offset } : { file, offset, modified });
}

/** As addon/sources/resume_point.h has it. */
export const CHECKED = { bytes: 64, unit: 2 ** 32 } as const;

/** Behind the first `length` bytes of what begins in the file; `data` are those, or nothing. */
export function positionBehind({ file, offset, modified }: Position, length: number, data: Buffer): Position {
  const behind = offset + length;
  if (data.length < length || length === 0) return positionIn(file, behind, modified);
  const from = Math.max(length - CHECKED.bytes, 0);
  let hash = 0x811c9dc5;
  for (let i = from; i < length; i++) hash = Math.imul(hash ^ (data[i] as number), 0x01000193);
  const check = (length - from) * CHECKED.unit + (hash >>> 0);
  return Object.freeze({ ...positionIn(file, behind, modified), check });
}

/** Looks at each chunk that is taken: whether it is of another file than the one before. */
export class Files {
  readonly #chunkInfo: Float64Array;
  /** The same memory, for what has more bits than a double keeps. */
  readonly #words: BigUint64Array;
  #part = 0;
  #name: string | undefined;
  #end = 0;
  #modified = 0;

  constructor(chunkInfo: Float64Array, words: BigUint64Array) {
    this.#chunkInfo = chunkInfo;
    this.#words = words;
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
    const modified = this.#modified;
    this.#end = this.#chunkInfo[ChunkInfo.end] as number;
    this.#modified = this.#chunkInfo[ChunkInfo.modified] as number;
    if (part === this.#part) return undefined;
    this.#part = part;
    this.#name = part === 0 ? undefined : this.#read();
    if (name === undefined || this.#name === undefined) return undefined;
    const to = positionIn(this.#name, this.#chunkInfo[ChunkInfo.offset] as number, this.#modified);
    return Object.freeze({ from: positionIn(name, end, modified), to });
  }

  #read(): string {
    const words = this.#words.subarray(ChunkInfo.file, ChunkInfo.file + FILE_WORDS);
    return Array.from(words, (word) => word.toString(16)).join('-');
  }
}

/** As addon/sources/file_id.h has them. */
const FILE_WORDS = 4;

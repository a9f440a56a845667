/** How the producer thread finds where records end: for addon/node/framing_options.h, and for who reads their table. */
export interface Framing {
  native: Record<string, number | Buffer>;
  /** How many bytes lie before the content of each record, and how many behind it. */
  head: number;
  tail: number;
  /** Records are not as they are in the source: only the last one's end is known there. */
  isDecoded: boolean;
  /** What ends a record, when it is one ASCII character: no record has it in it. */
  terminator: string | undefined;
  /** After so many milliseconds without more of it a record is handed on although it has not ended. */
  flushAfter?: number | undefined;
}

/**
 * The entries of the table that follows such records in their memory, signed 32-bit numbers, as addon/core/framing/framer.h has
 * them. Each is where a record ends; with the sign a carriage return follows, and UNFINISHED says that it has not ended yet.
 */
export const END = 0x3fffffff;
export const UNFINISHED = 0x40000000;

/** Where the table begins behind so many bytes. */
export function tableBegin(length: number): number {
  return Math.ceil(length / 8) * 8;
}

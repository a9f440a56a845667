/** What is known of the bytes that a stream is to deliver. */
import { patternBytes } from '../../helpers/pattern';

export interface Content {
  /** Whether `bytes` are those at `offset`. */
  matches(bytes: Buffer, offset: number): boolean;
  /** Where behind `from` the `bytes` are; -1 when they are not there. */
  find(bytes: Buffer, from: number): number;
  /** How many there are; undefined when that is not known. */
  length(): number | undefined;
}

/** The text that everything is filled with: in each of its lines is its number, so that 16 bytes say where they are from. */
const LINE = 16;
export const TEXT = Buffer.from(
  Array.from({ length: 2 ** 16 }, (_, i) => `${i.toString(36).padStart(LINE - 1, '.')}\n`).join(''),
);

/** Fewer bytes may be found in many places. */
const SHORTEST_TO_FIND = LINE;

const anything: Pick<Content, 'matches' | 'find'> = { matches: () => true, find: (_bytes, from) => from };

export const unknown: Content = { ...anything, length: () => undefined };

/** Nothing but zeros, for ever. */
export const zeros: Content = {
  matches: (bytes) => bytes.every((byte) => byte === 0),
  find: (bytes, from) => (bytes.every((byte) => byte === 0) ? from : -1),
  length: () => undefined,
};

/** `get` returns what there is by now; what was there stays. `isFinal` says whether a stream that ends has had all of it. */
export function known(get: () => Buffer, isFinal = true): Content {
  return {
    matches: (bytes, offset) => bytes.equals(get().subarray(offset, offset + bytes.length)),
    find: (bytes, from) => (bytes.length < SHORTEST_TO_FIND ? from : get().indexOf(bytes, from)),
    length: () => (isFinal ? get().length : undefined),
  };
}

/** The pattern from `start` on, for ever. */
export function pattern(seed: number, start: number): Content {
  return {
    ...anything,
    matches: (bytes, offset) => bytes.equals(patternBytes(seed, start + offset, bytes.length)),
    length: () => undefined,
  };
}

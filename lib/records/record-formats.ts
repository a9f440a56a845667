/** How a stream's bytes are parted into records: what users say of it, and what the producer thread is told. */
import { isUint8Array } from 'node:util/types';

import { invalidArgType, invalidArgValue, outOfRange } from '../errors';
import { copyOf, validateBoolean, validateInteger, type ResolvedStreamOptions, type StreamOptions } from '../options';
import type { Framing } from '../ring';

/** What ends with some bytes. */
export interface DelimiterFormat {
  /** 1 to 16 bytes; a string stands for its UTF-8. They are no part of the record. */
  delimiter: string | Uint8Array;
}

/** What is all of one length. */
export interface SizeFormat {
  /** How many bytes each record has. */
  size: number;
}

/** What comes in frames. */
export interface FrameFormat {
  /** SLIP (RFC 1055) or COBS. Records are decoded, and empty frames are none. */
  frame: 'slip' | 'cobs';
}

/** Where a length prefix's number is, and what it counts. */
export interface PrefixFormat {
  /** Unsigned, of 8, 16 or 32 bits, and its byte order. */
  prefix: 'u8' | 'u16le' | 'u16be' | 'u32le' | 'u32be';
  /**
   * How many bytes of the record lie before the number.
   * @defaultValue 0
   */
  offset?: number | undefined;
  /**
   * What the number counts: `'payload'`, the bytes behind it, or `'all'`, the whole record with the number and what is
   * before it.
   * @defaultValue 'payload'
   */
  counts?: 'payload' | 'all' | undefined;
  /**
   * Whether the number, and what is before it, is taken off.
   * @defaultValue Whether the number comes first
   */
  strip?: boolean | undefined;
}

/**
 * What a record is: `'lines'` end with `\n`, and a `\r` before it is no part of them; a `delimiter` is of 1 to 16 bytes; `size`
 * is that of every record; a `prefix` says how long each is; a `frame` is one of SLIP (RFC 1055) or COBS.
 */
export type RecordFormat = 'lines' | DelimiterFormat | SizeFormat | PrefixFormat | FrameFormat;

/** The options of streams that part their bytes into records. */
export interface RecordStreamOptions extends StreamOptions {
  /**
   * Makes it a stream of records: each chunk is one, a `Buffer`, or a string with an `encoding`. The background thread finds
   * where they end. See docs/records.md.
   * @defaultValue undefined: chunks are whatever bytes have come
   */
  records?: RecordFormat | undefined;
  /**
   * How many bytes a record has at most, without its delimiter or prefix. What to do with a longer one `longRecords` says. With an
   * `overflow` that drops, a record has to fit half a slot.
   * @defaultValue 16 MiB, or what there is room for
   */
  maxRecordSize?: number | undefined;
  /**
   * What becomes of a record that is longer than `maxRecordSize`: `'error'` is ERR_SLIPRING_RECORD_TOO_LONG, after all before it;
   * `'split'` makes several of it, and `'truncate'` leaves its rest out. The last two are for lines and delimiters.
   * @defaultValue 'error'
   */
  longRecords?: 'error' | 'split' | 'truncate' | undefined;
}

/** Those of streams whose bytes come when they like. */
export interface LiveRecordStreamOptions extends RecordStreamOptions {
  /**
   * After how many milliseconds in which nothing more comes a record is handed on although it has not ended, such as a prompt. The
   * rest of it, if it ever comes, is a record of its own. For lines and delimiters, and sources that wait without blocking; a
   * batch says so of its last record: `unfinished`.
   * @defaultValue undefined: never
   */
  flushAfter?: number | undefined;
}

/** For thousands of strings at once the garbage collector takes twice as long as it does for hundreds. */
const DEFAULT_SLOT_SIZE = 1024 * 1024;
const DEFAULT_LONGEST = 16 * 1024 * 1024;
const MAX_LONGEST = 2 ** 30 - 1;
const LONGEST_DELIMITER = 16;
const SMALLEST_SLOT = 64;

/** In the order of addon/node/framing_options.cc, and of addon/core/framing/framing.h. */
const FRAMES = { delimiter: 0, size: 1, prefix: 2, slip: 3, cobs: 4 } as const;
const LONG_RECORDS = ['error', 'split', 'truncate'] as const;

const PREFIXES = {
  u8: { width: 1, isBigEndian: 0 },
  u16le: { width: 2, isBigEndian: 0 },
  u16be: { width: 2, isBigEndian: 1 },
  u32le: { width: 4, isBigEndian: 0 },
  u32be: { width: 4, isBigEndian: 1 },
} as const;

/** A format, without what the other options say. */
interface Format extends Framing {
  /** The last record needs no other end than that of the source. */
  endsWithSource: boolean;
  /** How many bytes one may have because of its format. */
  size?: number;
}

function ofDelimiter(given: unknown): Format {
  if (typeof given !== 'string' && !isUint8Array(given)) {
    throw invalidArgType('options.records.delimiter', 'of type string or an instance of Uint8Array', given);
  }
  const delimiter = Buffer.from(given as Uint8Array);
  if (delimiter.length < 1 || delimiter.length > LONGEST_DELIMITER) {
    throw invalidArgValue('options.records.delimiter', `must have 1 to ${LONGEST_DELIMITER} bytes`, given);
  }
  return delimited(delimiter, 0);
}

function delimited(delimiter: Buffer, takesReturn: 0 | 1): Format {
  return {
    native: { frame: FRAMES.delimiter, delimiter, takesReturn },
    head: 0,
    tail: delimiter.length,
    isDecoded: false,
    terminator: delimiter.length === 1 && (delimiter[0] as number) < 0x80 ? delimiter.toString() : undefined,
    endsWithSource: true,
  };
}

function ofSize(given: unknown): Format {
  const size = validateInteger(given, 'options.records.size', 1, MAX_LONGEST);
  return {
    native: { frame: FRAMES.size, size },
    head: 0,
    tail: 0,
    isDecoded: false,
    terminator: undefined,
    endsWithSource: false,
    size,
  };
}

function ofPrefix({ prefix, offset = 0, counts = 'payload', strip = offset === 0 }: PrefixFormat): Format {
  if (typeof prefix !== 'string' || !Object.hasOwn(PREFIXES, prefix)) {
    throw invalidArgValue('options.records.prefix', `must be one of ${Object.keys(PREFIXES).join(', ')}`, prefix);
  }
  if (counts !== 'payload' && counts !== 'all') {
    throw invalidArgValue('options.records.counts', "must be 'payload' or 'all'", counts);
  }
  validateInteger(offset, 'options.records.offset', 0, 65535);
  validateBoolean(strip, 'options.records.strip');
  const { width, isBigEndian } = PREFIXES[prefix];
  return {
    native: { frame: FRAMES.prefix, width, isBigEndian, offset, countsAll: counts === 'all' ? 1 : 0 },
    head: strip ? offset + width : 0,
    tail: 0,
    isDecoded: false,
    terminator: undefined,
    endsWithSource: false,
  };
}

function ofFrame(frame: unknown): Format {
  if (frame !== 'slip' && frame !== 'cobs') {
    throw invalidArgValue('options.records.frame', "must be 'slip' or 'cobs'", frame);
  }
  return {
    native: { frame: FRAMES[frame] },
    head: 0,
    tail: 0,
    isDecoded: true,
    terminator: undefined,
    endsWithSource: false,
  };
}

function formatOf(records: unknown): Format {
  if (records === 'lines') return delimited(Buffer.from('\n'), 1);
  if (typeof records !== 'object' || records === null) {
    throw invalidArgType('options.records', "'lines' or an object with a delimiter, size, prefix or frame", records);
  }
  const given = copyOf(records) as Record<string, unknown>;
  const kinds = ['delimiter', 'size', 'prefix', 'frame'].filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) {
    throw invalidArgValue('options.records', "must have one of 'delimiter', 'size', 'prefix' and 'frame'", records);
  }
  if (given.delimiter !== undefined) return ofDelimiter(given.delimiter);
  if (given.size !== undefined) return ofSize(given.size);
  if (given.prefix !== undefined) return ofPrefix(given as unknown as PrefixFormat);
  return ofFrame(given.frame);
}

/** The longest record that may be asked for, and the one that is meant when none is. */
function longestOf(
  { maxRecordSize }: RecordStreamOptions,
  { native, tail, size }: Format,
  { overflow, slotSize }: ResolvedStreamOptions,
): number {
  // What is dropped is a slot, and with it no part of a record that lies in others, too.
  const dropsSlots = overflow === 'drop-oldest' || overflow === 'drop-newest';
  const around = tail + 1 + Number(native.offset ?? 0) + Number(native.width ?? 0);
  const most = dropsSlots ? Math.floor(slotSize / 16) * 8 - around : MAX_LONGEST;
  if (most < (size ?? 1)) throw outOfRange('options.slotSize', 'large enough for two records', slotSize);
  if (maxRecordSize === undefined) return size ?? Math.min(DEFAULT_LONGEST, most);
  return validateInteger(maxRecordSize, 'options.maxRecordSize', size ?? 1, most);
}

/** How large a slot is when nobody has asked for a size, and without records it were so large. */
export function recordSlotSize({ records }: RecordStreamOptions, size: number): number {
  return records === undefined ? size : Math.min(size, DEFAULT_SLOT_SIZE);
}

const DEPENDENT = ['maxRecordSize', 'longRecords', 'flushAfter'] as const;
const MAX_FLUSH_AFTER = 2 ** 31 - 1;

function resolveFlushAfter({ flushAfter }: LiveRecordStreamOptions, makesSense: boolean): number | undefined {
  if (flushAfter === undefined) return undefined;
  if (!makesSense) {
    throw invalidArgValue('options.flushAfter', 'is for lines and delimiters of devices and plugins', flushAfter);
  }
  return validateInteger(flushAfter, 'options.flushAfter', 1, MAX_FLUSH_AFTER);
}

/** What the options say of records; undefined when there are to be none. */
export function resolveFraming(
  options: LiveRecordStreamOptions,
  common: ResolvedStreamOptions,
  isLive = false,
): Framing | undefined {
  const { records, longRecords = 'error' } = options;
  if (records === undefined) {
    const orphan = DEPENDENT.find((name) => options[name] !== undefined);
    if (orphan === undefined) return undefined;
    throw invalidArgValue(`options.${orphan}`, 'means nothing without options.records', options[orphan]);
  }
  const format = formatOf(records);
  const { native, head, tail, isDecoded, terminator, endsWithSource } = format;
  const known = endsWithSource ? LONG_RECORDS : LONG_RECORDS.slice(0, 1);
  if (!(known as readonly unknown[]).includes(longRecords)) {
    const names = known.map((name) => `'${name}'`).join(', ');
    throw invalidArgValue('options.longRecords', `must be ${names} for such records`, longRecords);
  }
  validateInteger(common.slotSize, 'options.slotSize', SMALLEST_SLOT, MAX_LONGEST);
  const flushAfter = resolveFlushAfter(options, isLive && endsWithSource);
  const rules = {
    longest: longestOf(options, format, common),
    longRecords: LONG_RECORDS.indexOf(longRecords),
    endsWithSource: endsWithSource ? 1 : 0,
    flushes: flushAfter === undefined ? 0 : 1,
  };
  return {
    flushAfter,
    native: Object.assign(Object.create(null) as Framing['native'], native, rules),
    head,
    tail,
    isDecoded,
    terminator,
  };
}

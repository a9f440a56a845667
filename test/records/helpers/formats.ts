/** Every format of records, and how to write them: what is read must be what was written. */
import type { PrefixFormat, RecordFormat } from 'slipring';

import { Random } from '../../fuzz/helpers/random';

export interface Format {
  records: RecordFormat;
  /** Writes one record. `index` says which, for formats that have a choice. */
  encode: (record: Buffer, index: number) => Buffer;
  /** What is read of a record, if that is not the record. */
  read?: (record: Buffer, index: number) => Buffer;
  /** Makes a record one that can be written. */
  fit?: (record: Buffer) => Buffer;
}

/** Bytes that mean something in one of the formats, beside others. */
const BYTES = ['\n', '\r', '-', 'a', 'b', '\0', 0xc0, 0xdb, 0xdc, 0xdd, 0xff, 0xc3, 0xa9].map((item) =>
  typeof item === 'string' ? Buffer.from(item) : Buffer.from([item]),
);

function without(taken: string, ending = ''): (record: Buffer) => Buffer {
  return (record) => {
    const text = record.toString('latin1').replaceAll(taken, '.');
    return Buffer.from(ending !== '' && text.endsWith(ending) ? `${text}.` : text, 'latin1');
  };
}

const orOne = (record: Buffer): Buffer => (record.length > 0 ? record : Buffer.from('.'));

function delimited(delimiter: string): Format {
  return {
    records: { delimiter },
    encode: (record) => Buffer.concat([record, Buffer.from(delimiter)]),
    fit: without(delimiter[0] as string),
  };
}

function numberOf(prefix: string, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  const width = { '8': 1, '1': 2, '3': 4 }[prefix[1] as string] as number;
  const number = bytes.subarray(0, width);
  return prefix.endsWith('be') ? number.reverse() : number;
}

function prefixed(prefix: PrefixFormat['prefix'], more: Omit<PrefixFormat, 'prefix'> = {}): Format {
  const { offset = 0, counts = 'payload', strip = offset === 0 } = more;
  const encode = (record: Buffer, index: number): Buffer => {
    const before = Buffer.alloc(offset, index);
    const head = offset + numberOf(prefix, 0).length;
    return Buffer.concat([before, numberOf(prefix, record.length + (counts === 'all' ? head : 0)), record]);
  };
  return { records: { prefix, ...more }, encode, read: (record, index) => (strip ? record : encode(record, index)) };
}

export function encodeSlip(record: Buffer): Buffer {
  const escaped: Record<number, number[]> = { 0xc0: [0xdb, 0xdc], 0xdb: [0xdb, 0xdd] };
  return Buffer.from([...[...record].flatMap((byte) => escaped[byte] ?? [byte]), 0xc0]);
}

export function encodeCobs(record: Buffer): Buffer {
  const encoded: number[] = [];
  let rest = [...record, 0];
  while (rest.length > 0) {
    const zero = Math.min(rest.indexOf(0), 254);
    encoded.push(zero + 1, ...rest.slice(0, zero));
    // A full block takes no zero with it; the one that was added must not be left over.
    rest = rest.slice(zero === 254 ? 254 : zero + 1);
    if (zero === 254 && rest.length === 1) break;
  }
  return Buffer.from([...encoded, 0]);
}

export const formats: Record<string, Format> = {
  lines: {
    records: 'lines',
    encode: (record, index) => Buffer.concat([record, Buffer.from(index % 3 === 0 ? '\r\n' : '\n')]),
    fit: without('\n', '\r'),
  },
  'a delimiter': delimited('\0'),
  'a delimiter of some bytes': delimited('\r\n--'),
  'a size': {
    records: { size: 13 },
    encode: (record) => record,
    fit: (record) => Buffer.concat([record, Buffer.alloc(13)]).subarray(0, 13),
  },
  'a prefix of 8 bits': { ...prefixed('u8'), fit: (record) => record.subarray(0, 255) },
  'a prefix of 16 bits': prefixed('u16le'),
  'a prefix of 16 bits, big-endian': prefixed('u16be', { counts: 'all' }),
  'a prefix of 32 bits': prefixed('u32le', { offset: 3 }),
  'a prefix of 32 bits, big-endian': prefixed('u32be', { offset: 2, counts: 'all', strip: true }),
  'a prefix that stays': prefixed('u16le', { strip: false }),
  'SLIP frames': { records: { frame: 'slip' }, encode: encodeSlip, fit: orOne },
  'COBS frames': { records: { frame: 'cobs' }, encode: encodeCobs, fit: orOne },
};

export interface Written {
  bytes: Buffer;
  /** As they are to be read, in latin1. */
  records: string[];
}

/** So many records, of at most so many bytes as a rule, and one that is longer. */
export function write({ encode, read, fit }: Format, seed: number, count = 200, usual = 40): Written {
  const random = new Random(seed);
  const sizes = Array.from({ length: count }, () => (random.oneIn(8) ? 0 : random.below(usual)));
  sizes[count >>> 1] = 700;
  const records = sizes.map((size) => {
    const record = Buffer.concat(Array.from({ length: size }, () => random.of(BYTES)));
    return fit ? fit(record) : record;
  });
  const text = records.map((record, i) => (read ? read(record, i) : record).toString('latin1'));
  return { bytes: Buffer.concat(records.map(encode)), records: text };
}

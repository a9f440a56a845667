/** What parts bytes into records elsewhere, each as a function from pieces to records. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { Readable, type Duplex } from 'node:stream';

export type Pieces = readonly Buffer[];
type Parser = new (options?: object) => Duplex;

// Some have no types, and none is a dependency that users see.
const load = createRequire(__filename);
const split2 = load('split2') as (matcher?: string | RegExp) => Duplex;
const { DelimiterParser } = load('@serialport/parser-delimiter') as { DelimiterParser: Parser };
const { ReadlineParser } = load('@serialport/parser-readline') as { ReadlineParser: Parser };
const { ByteLengthParser } = load('@serialport/parser-byte-length') as { ByteLengthParser: Parser };
const { PacketLengthParser } = load('@serialport/parser-packet-length') as { PacketLengthParser: Parser };
const { SlipDecoder, SlipEncoder } = load('@serialport/parser-slip-encoder') as Record<
  'SlipDecoder' | 'SlipEncoder',
  Parser
>;
const cobs = load('cobs') as { encode: (bytes: Buffer) => Buffer; decodeStream: () => Duplex };

/** What comes out of the parser, one entry for each `'data'`, in latin1 unless it is text already. */
async function through(parser: Duplex, pieces: Pieces): Promise<string[]> {
  const records: string[] = [];
  parser.on('data', (record: Buffer | string) =>
    records.push(typeof record === 'string' ? record : record.toString('latin1')),
  );
  Readable.from(pieces, { objectMode: true }).pipe(parser);
  await once(parser, 'end');
  return records;
}

export async function byReadline(pieces: Pieces): Promise<string[]> {
  const lines: string[] = [];
  const input = Readable.from(pieces, { objectMode: true });
  const reader = createInterface({ input, crlfDelay: Infinity }).on('line', (line) => lines.push(line));
  await once(reader, 'close');
  return lines;
}

export const bySplit2 = (pieces: Pieces): Promise<string[]> => through(split2(), pieces);

export const byDelimiter = (delimiter: string, pieces: Pieces): Promise<string[]> =>
  through(new DelimiterParser({ delimiter }), pieces);

export const bySerialReadline = (delimiter: string, pieces: Pieces): Promise<string[]> =>
  through(new ReadlineParser({ delimiter, encoding: 'latin1' }), pieces);

export const byByteLength = (length: number, pieces: Pieces): Promise<string[]> =>
  through(new ByteLengthParser({ length }), pieces);

/** Packets that begin with a byte of 0xaa, and then say how long they are. */
export function byPacketLength(lengthBytes: number, pieces: Pieces): Promise<string[]> {
  const packetOverhead = 1 + lengthBytes;
  return through(new PacketLengthParser({ lengthBytes, packetOverhead, maxLen: 2 ** (8 * lengthBytes) - 1 }), pieces);
}

export const bySlipDecoder = (pieces: Pieces): Promise<string[]> => through(new SlipDecoder(), pieces);

export async function encodedBySlipEncoder(records: Pieces): Promise<Buffer> {
  const encoder = new SlipEncoder();
  for (const record of records) encoder.write(record);
  encoder.end();
  return Buffer.concat((await encoder.toArray()) as Buffer[]);
}

export const byCobs = (pieces: Pieces): Promise<string[]> => through(cobs.decodeStream(), pieces);

export const encodedByCobs = (records: Pieces): Buffer =>
  Buffer.concat(records.flatMap((record) => [cobs.encode(record), Buffer.alloc(1)]));

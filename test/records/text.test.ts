/** Records as strings: each is what the bytes of it alone are in the encoding. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createReadStream, type ByteStream } from 'slipring';

import { Random } from '../fuzz/helpers/random';
import { temporaryFolder } from '../helpers/files';
import { describeWithFifos } from '../helpers/where';
import { formats, write } from './helpers/formats';
import { throughFifo } from './helpers/through-fifo';

const ENCODINGS = [
  'utf8',
  'utf-8',
  'UTF8',
  'latin1',
  'binary',
  'ascii',
  'utf16le',
  'ucs2',
  'hex',
  'base64',
  'base64url',
] as const;

/** Pieces of UTF-8, right and wrong: cut off, too long, surrogates, beyond the last character, a byte order mark. */
const PIECES = ['a', 'bcd', '\r', ' ', 'é', '€', '𝄞', '\ufeff', '\ufffd', '\u2028']
  .map((text) => Buffer.from(text))
  .concat(
    [
      'c3',
      'e2',
      'e282',
      'f0',
      'f09d',
      'f09d84',
      '80',
      'bf',
      'ff',
      'fe',
      'c0af',
      'e0809f',
      'eda080',
      'f4908080',
      'f8',
    ].map((hex) => Buffer.from(hex, 'hex')),
  );

function wildLine(random: Random, pieces: number): Buffer {
  return Buffer.concat(Array.from({ length: random.below(pieces) }, () => random.of(PIECES)));
}

/** As many lines, of which one in so many is not plain ASCII. */
function wildLines(seed: number, count: number, oneIn: number): Buffer[] {
  const random = new Random(seed);
  const plain = (): Buffer => Buffer.from('x'.repeat(random.below(60)));
  return Array.from({ length: count }, () => (random.oneIn(oneIn) ? wildLine(random, 20) : plain()));
}

/** What a line is without its end: one carriage return belongs to that. */
function content(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

const decoded = (line: Buffer): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content(line));

async function listOf(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function stringsOfBatches(stream: ByteStream): Promise<string[]> {
  const strings: string[] = [];
  for await (const batch of stream.batches()) {
    const all = batch.strings();
    assert.equal(all.length, batch.length);
    for (let i = 0; i < batch.length; i++) assert.equal(batch.string(i), all[i]);
    strings.push(...all);
  }
  return strings;
}

describe('records as strings', () => {
  const folder = temporaryFolder();

  for (const oneIn of [1, 50, 1e9]) {
    for (const size of [{ slotSize: 64, slots: 2 }, { slotSize: 4096 }, {}]) {
      it(`are what TextDecoder makes of each, where one in ${oneIn} is not plain, in slots of ${size.slotSize ?? 'any size'}`, async () => {
        const lines = wildLines(oneIn, 5000, oneIn);
        const file = folder.write('file', Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
        const create = (): ByteStream => createReadStream(file, { records: 'lines', ...size });
        const expected = lines.map(decoded);
        assert.deepEqual(await listOf(create().lines()), expected);
        assert.deepEqual(await listOf(create().setEncoding('utf8')), expected);
        assert.deepEqual(await stringsOfBatches(create()), expected);
      });
    }
  }

  for (const name of [
    'lines',
    'a delimiter',
    'a delimiter of some bytes',
    'a prefix of 16 bits',
    'a size',
    'COBS frames',
  ]) {
    it(`are in any encoding that Buffer knows, for ${name}`, async () => {
      const format = formats[name] as (typeof formats)[string];
      const { bytes, records } = write(format, 11, 500);
      const file = folder.write('file', bytes);
      for (const encoding of ENCODINGS) {
        const create = (): ByteStream =>
          createReadStream(file, { records: format.records, slotSize: 2000, encoding: encoding as 'utf8' });
        const expected = records.map((record) => Buffer.from(record, 'latin1').toString(encoding as 'utf8'));
        assert.deepEqual(await listOf(create()), expected, encoding);
        assert.deepEqual(await listOf(create().lines()), expected, encoding);
        assert.deepEqual(await stringsOfBatches(create()), expected, encoding);
      }
    });
  }

  it('are the same by themselves and all at once, in batches of a slot of 2 MiB', async () => {
    const lines = wildLines(5, 100_000, 1000);
    const file = folder.write('file', Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    const strings = await stringsOfBatches(createReadStream(file, { records: 'lines' }));
    assert.deepEqual(strings, lines.map(decoded));
  });

  it('keep no more in memory than a piece of what they were read with', async () => {
    const kept: string[] = [];
    const file = folder.write('file', `${'x'.repeat(99)}\n`.repeat(200_000));
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for await (const batch of createReadStream(file, { records: 'lines' }).batches())
      kept.push(batch.strings()[5] as string);
    globalThis.gc?.();
    assert.ok(process.memoryUsage().heapUsed - before < 64 * 1024 * kept.length + 1024 * 1024);
  });
});

describe('the encoding of a stream of records', () => {
  const folder = temporaryFolder();
  const create = (options = {}): ByteStream =>
    createReadStream(folder.write('file', 'é\nb\nc\nd\n'), { records: 'lines', ...options });

  it('is null, what was asked for, or what setEncoding() was called with, as of other streams', () => {
    const plain = (options = {}): ByteStream => create({ records: undefined, ...options });
    const encodings = ['utf8', 'UTF-8', 'latin1', 'binary', 'UCS-2', 'hex', undefined, null] as BufferEncoding[];
    for (const encoding of encodings) {
      const streams = [
        create({ encoding }),
        plain({ encoding }),
        create().setEncoding(encoding),
        plain().setEncoding(encoding),
      ];
      const [given, expected, set, expectedSet] = streams.map((stream) => stream.destroy().readableEncoding);
      assert.deepEqual([given, set], [expected, expectedSet]);
    }
  });

  it('is refused by setEncoding() as by that of other streams when there is none of the name', () => {
    for (const encoding of ['buffer', 'utf9', 5, {}] as BufferEncoding[]) {
      const stream = create();
      assert.throws(() => stream.setEncoding(encoding), { code: 'ERR_UNKNOWN_ENCODING' });
      assert.equal(stream.destroy().readableEncoding, null);
    }
  });

  it('may change in the middle of a slot: what comes then has it', async () => {
    const stream = create();
    const records: unknown[] = [];
    stream.on('data', (record) => {
      records.push(record);
      if (records.length < 4) stream.setEncoding(records.length === 1 ? 'latin1' : 'hex');
    });
    await once(stream, 'end');
    assert.deepEqual(records, [Buffer.from('é'), 'b', '63', '64']);
  });

  it('may change in a loop over lines', async () => {
    const stream = create();
    const lines: string[] = [];
    for await (const line of stream.lines()) {
      lines.push(line);
      if (lines.length === 2) stream.setEncoding('hex');
    }
    assert.deepEqual(lines, ['é', 'b', '63', '64']);
  });
});

describeWithFifos('a character that comes in pieces', () => {
  const folder = temporaryFolder();

  it('is whole in its record', async () => {
    const text = 'é€𝄞\r\n\n𝄞\n';
    const pieces = [...Buffer.from(text.repeat(10))].map((byte) => Uint8Array.of(byte));
    for (const size of [{ slotSize: 64, slots: 2 }, {}]) {
      const stream = throughFifo(folder, pieces, { records: 'lines', ...size });
      assert.deepEqual(await listOf(stream.lines()), Array(10).fill(['é€𝄞', '', '𝄞']).flat());
    }
  });
});

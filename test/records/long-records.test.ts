/** Records that are longer than a slot, and longer than they may be. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { createReadStream, type RecordStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { itWhere } from '../helpers/where';
import { formats, write, type Format } from './helpers/formats';
import { outcome, outcomeOf, ways, type Outcome } from './helpers/ways';

const TOO_LONG = 'ERR_SLIPRING_RECORD_TOO_LONG';
const MiB = 1024 * 1024;
const sizes = [{ slotSize: 64, slots: 2 }, { slotSize: 1000 }, {}];

describe('a record longer than maxRecordSize', () => {
  const folder = temporaryFolder();

  /** In slots of all sizes it is the same. */
  async function read(bytes: string, options: RecordStreamOptions): Promise<Outcome> {
    const file = folder.write('file', Buffer.from(bytes, 'latin1'));
    const [first, ...others] = await Promise.all(
      sizes.map((size) => outcome(createReadStream(file, { ...options, ...size }))),
    );
    for (const other of others) assert.deepEqual(other, first);
    return first as Outcome;
  }

  it('is an error with its position, after all before it', async () => {
    const maxRecordSize = 3;
    for (const [bytes, records, position] of [
      ['abc\nabc\r\nabcd\nab\n', 'lines', 9],
      ['abc\nabc\r\nabcd', 'lines', 9],
      ['abc--abc--abcd--', { delimiter: '--' }, 10],
      ['\x03abc\x03abc\x04abcd', { prefix: 'u8' }, 8],
      ['\x04abc\x04abc\x05abcd', { prefix: 'u8', counts: 'all' }, 8],
      ['.\x03abc.\x03abc.\x04', { prefix: 'u8', offset: 1, strip: true }, 10],
      ['abc\xc0abc\xc0abcd\xc0', { frame: 'slip' }, 8],
      ['\x04abc\0\x04abc\0\x05abcd\0', { frame: 'cobs' }, 10],
    ] as const) {
      const got = await read(bytes, { records, maxRecordSize });
      assert.deepEqual(got, { records: ['abc', 'abc'], code: TOO_LONG, position }, JSON.stringify(records));
    }
  });

  it('is one in every way to read', async () => {
    const file = folder.write('lines', `${'a\n'.repeat(500)}${'b'.repeat(5000)}\nc\n`);
    for (const [what, way] of Object.entries(ways)) {
      const options = { records: 'lines', maxRecordSize: 1000, slotSize: 500 } as const;
      const { records, code, position } = await outcomeOf(way, (more) =>
        createReadStream(file, { ...options, ...more }),
      );
      assert.deepEqual([records.join(''), code, position], ['a'.repeat(500), TOO_LONG, 1000], what);
    }
  });

  it('has as many bytes as it may when it has one for each of them, and no more', async () => {
    for (const format of ['slip', 'cobs', 'u32le'] as const) {
      const { records, encode } = {
        slip: formats['SLIP frames'],
        cobs: formats['COBS frames'],
        u32le: { ...formats['a prefix of 32 bits'], records: { prefix: 'u32le', offset: 3, strip: true } },
      }[format] as Format;
      for (const length of [1, 254, 255, 508, 509, 1000]) {
        const record = Buffer.alloc(length, 0xc0);
        const bytes = Buffer.concat([encode(record, 0), encode(record, 1)]).toString('latin1');
        const text = record.toString('latin1');
        assert.deepEqual(await read(bytes, { records, maxRecordSize: length }), { records: [text, text] });
        if (length === 1) continue;
        const { code, position } = await read(bytes, { records, maxRecordSize: length - 1 });
        assert.deepEqual([code, position], [TOO_LONG, 0]);
      }
    }
  });

  it('is an error when its prefix is less than what it counts', async () => {
    const got = await read('ab\x02', { records: { prefix: 'u8', offset: 2, counts: 'all' } });
    assert.deepEqual(got, { records: [], code: TOO_LONG, position: 0 });
    const after = await read('\x02a\x00', { records: { prefix: 'u8', counts: 'all' } });
    assert.deepEqual(after, { records: ['a'], code: TOO_LONG, position: 2 });
  });

  it("becomes several of them with 'split'", async () => {
    const options = { records: 'lines', maxRecordSize: 3, longRecords: 'split' } as const;
    const parts: Record<string, string[]> = {
      'abcdefg\nh\n': ['abc', 'def', 'g', 'h'],
      'abcdef\nh\n': ['abc', 'def', 'h'],
      'abcdef\r\nh\r\n': ['abc', 'def', 'h'],
      abcdef: ['abc', 'def'],
      'abc\rd\n': ['abc', '\rd'],
      'ab\n\n\nabcd': ['ab', '', '', 'abc', 'd'],
    };
    for (const [bytes, records] of Object.entries(parts)) {
      assert.deepEqual(await read(bytes, options), { records }, JSON.stringify(bytes));
    }
    const got = await read('abcd--ef--abc-d--', { ...options, records: { delimiter: '--' } });
    assert.deepEqual(got, { records: ['abc', 'd', 'ef', 'abc', '-d'] });
  });

  it("loses its rest with 'truncate', and nothing else does", async () => {
    const options = { records: 'lines', maxRecordSize: 3, longRecords: 'truncate' } as const;
    const kept: Record<string, string[]> = {
      'abcdefg\nh\n': ['abc', 'h'],
      'abcdef\r\n\nh\r\n': ['abc', '', 'h'],
      abcdefg: ['abc'],
      'abc\rd\nh': ['abc', 'h'],
      'ab\n\n\nabcd\nabcd\n': ['ab', '', '', 'abc', 'abc'],
    };
    kept[`${'x'.repeat(10_000)}\ny\n${'z'.repeat(5000)}`] = ['xxx', 'y', 'zzz'];
    for (const [bytes, records] of Object.entries(kept)) {
      assert.deepEqual(await read(bytes, options), { records }, JSON.stringify(bytes.slice(0, 20)));
    }
    const got = await read(`abcd${'-'.repeat(3)}ef--abcde--g--`, { ...options, records: { delimiter: '--' } });
    assert.deepEqual(got, { records: ['abc', '-ef', 'abc', 'g'] });
  });
});

describe('a record longer than a slot', () => {
  const folder = temporaryFolder();

  for (const [name, format] of Object.entries(formats)) {
    if (name === 'a size' || name === 'a prefix of 8 bits') continue;
    it(`is one record in a stream of ${name}`, async () => {
      const { bytes, records: expected } = write(format, 5, 60, 3000);
      const file = folder.write('file', bytes);
      for (const what of ["'data'", 'lines()', 'batches(), at(i)', 'batches(), strings()']) {
        const options = { records: format.records, slotSize: 200, slots: 3 };
        const got = await outcomeOf(ways[what] as (typeof ways)[string], (more) =>
          createReadStream(file, { ...options, ...more }),
        );
        assert.deepEqual(got, { records: expected }, what);
      }
    });
  }

  it('is one record of a size', async () => {
    const file = folder.fill('file', 10_000);
    const { records } = await outcome(createReadStream(file, { records: { size: 2500 }, slotSize: 64 }));
    assert.deepEqual(
      records.map((record) => record.length),
      [2500, 2500, 2500, 2500],
    );
  });
});

interface Measured {
  bytes: number;
  records: number;
  longest: number;
  code?: string;
  position?: number;
  grown: number;
}

describe('one line of 100 MB', () => {
  const folder = temporaryFolder();
  const LENGTH = 100_000_000;
  let file = '';
  before(() => {
    file = folder.write('line', Buffer.alloc(LENGTH, 'x'));
  });

  /** In a process that does nothing else. */
  function measure(longRecords: string, way: string): Measured {
    const program = path.join(__dirname, 'fixtures', 'one-line.js');
    const said = execFileSync(process.execPath, ['--expose-gc', program, file, longRecords, way], { encoding: 'utf8' });
    return JSON.parse(said) as Measured;
  }

  // Only Linux tells what a process had at most.
  const itOnLinux = itWhere(onLinux, 'Linux has VmHWM');
  for (const way of ['data', 'lines']) {
    itOnLinux(`is an error in bounded memory, for ${way}`, () => {
      const { grown, ...rest } = measure('error', way);
      assert.deepEqual(rest, { bytes: 0, records: 0, longest: 0, code: TOO_LONG, position: 0 });
      assert.ok(grown < 64 * MiB, `${grown} bytes`);
    });

    itOnLinux(`comes with all its bytes when it may be split, for ${way}`, () => {
      const { grown, ...rest } = measure('split', way);
      assert.deepEqual(rest, { bytes: LENGTH, records: Math.ceil(LENGTH / MiB), longest: MiB });
      assert.ok(grown < 64 * MiB, `${grown} bytes`);
    });

    itOnLinux(`has as many bytes as it may have when it is truncated, for ${way}`, () => {
      const { grown, ...rest } = measure('truncate', way);
      assert.deepEqual(rest, { bytes: MiB, records: 1, longest: MiB });
      assert.ok(grown < 64 * MiB, `${grown} bytes`);
    });
  }
});

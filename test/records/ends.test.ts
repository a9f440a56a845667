/** What becomes of a last record that has no end, and of what is at the edges of formats. */
import { strict as assert } from 'node:assert';
import { createReadStream, type RecordFormat } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { describeWithFifos } from '../helpers/where';
import { throughFifo } from './helpers/through-fifo';
import { outcome, outcomeOf, ways } from './helpers/ways';

const INCOMPLETE = 'ERR_SLIPRING_RECORD_INCOMPLETE';
const small = { slotSize: 64, slots: 2 };

/** Bytes, how they are parted, and what is to be read. */
type Case = [bytes: string, records: RecordFormat, expected: string[]];

const delivered: Record<string, Case> = {
  'of lines': ['a\nb\nc', 'lines', ['a', 'b', 'c']],
  'of lines that is longer than a slot': [`a\n${'b'.repeat(300)}`, 'lines', ['a', 'b'.repeat(300)]],
  'with a carriage return, which is a part of it': ['a\r\nb\r', 'lines', ['a', 'b\r']],
  'that is a carriage return': ['\r', 'lines', ['\r']],
  'with the beginning of a delimiter': ['a--b-', { delimiter: '--' }, ['a', 'b-']],
  'that is a beginning of a delimiter': ['a\0\0\0', { delimiter: '\0\0' }, ['a', '\0']],
  'behind empty ones': ['\n\n\na', 'lines', ['', '', '', 'a']],
};

const whole: Record<string, Case> = {
  'nothing has no records': ['', 'lines', []],
  'an end is that of an empty record': ['\n', 'lines', ['']],
  'ends one behind the other have empty records between them': ['\n\r\n\n', 'lines', ['', '', '']],
  'nothing comes behind the last end': ['a\n', 'lines', ['a']],
  'one carriage return of several belongs to the end': ['a\r\r\n', 'lines', ['a\r']],
  'a carriage return alone ends no line': ['a\rb\r\rc\n', 'lines', ['a\rb\r\rc']],
  'other separators end no line': ['a\x85b\vc\fd\xe2\x80\xa8e\n', 'lines', ['a\x85b\vc\fd\xe2\x80\xa8e']],
  'a carriage return before a delimiter is the record’s': ['a\r\n', { delimiter: '\n' }, ['a\r']],
  'a delimiter is found from left to right': ['---a--', { delimiter: '--' }, ['', '-a']],
  'a delimiter may begin like itself': ['aaabaab', { delimiter: 'aab' }, ['a', '']],
  'a delimiter may be given as bytes': ['a\xffb\xff', { delimiter: Uint8Array.of(0xff) }, ['a', 'b']],
  'a delimiter may have 16 bytes': [`a${'0123456789abcdef'.repeat(2)}`, { delimiter: '0123456789abcdef' }, ['a', '']],
  'a prefix of 0 is an empty record': ['\0\0\x01a', { prefix: 'u8' }, ['', '', 'a']],
  'a prefix that counts itself alone is an empty record': ['\x01\x02a', { prefix: 'u8', counts: 'all' }, ['', 'a']],
  'empty SLIP frames are none': ['\xc0\xc0a\xc0\xc0', { frame: 'slip' }, ['a']],
  'empty COBS frames are none': ['\0\0\x02a\0\0', { frame: 'cobs' }, ['a']],
  'a COBS frame of no bytes is a record': ['\x01\0\x02a\0', { frame: 'cobs' }, ['', 'a']],
};

const incomplete: Record<string, [...Case, position: number]> = {
  'of a size': ['abcabcab', { size: 3 }, ['abc', 'abc'], 6],
  'of a prefix': ['\x01a\x03bc', { prefix: 'u8' }, ['a'], 2],
  'of half a prefix': ['\x01\0a\x01', { prefix: 'u16le' }, ['a'], 3],
  'of a prefix and no more': ['\0\x01', { prefix: 'u16be' }, [], 0],
  'of the bytes before a prefix': ['..\x01a..', { prefix: 'u8', offset: 2, strip: true }, ['a'], 4],
  'of a SLIP frame': ['a\xc0b', { frame: 'slip' }, ['a'], 2],
  'of a COBS frame': ['\x02a\0\x02b', { frame: 'cobs' }, ['a'], 3],
  'longer than a slot': [`\x01\0a\xe8\x03${'b'.repeat(500)}`, { prefix: 'u16le' }, ['a'], 3],
};

describe('the last record', () => {
  const folder = temporaryFolder();

  for (const [what, [bytes, records, expected]] of Object.entries(delivered)) {
    it(`${what} needs no end`, async () => {
      const file = folder.write('file', Buffer.from(bytes, 'latin1'));
      for (const size of [small, {}]) {
        assert.deepEqual(await outcome(createReadStream(file, { ...size, records })), { records: expected });
      }
    });
  }

  for (const [what, [bytes, records, expected, position]] of Object.entries(incomplete)) {
    it(`${what} that has no end is an error, after all others`, async () => {
      const file = folder.write('file', Buffer.from(bytes, 'latin1'));
      for (const size of [small, {}]) {
        const got = await outcome(createReadStream(file, { ...size, records }));
        assert.deepEqual(got, { records: expected, code: INCOMPLETE, position });
      }
    });
  }

  for (const [what, way] of Object.entries(ways)) {
    it(`that has no end is an error, after all others, in ${what}`, async () => {
      const file = folder.write('file', 'abcabcab');
      const got = await outcomeOf(way, (options) => createReadStream(file, { ...options, records: { size: 3 } }));
      assert.deepEqual(got, { records: ['abc', 'abc'], code: INCOMPLETE, position: 6 });
    });
  }
});

describe('at the edges of records', () => {
  const folder = temporaryFolder();

  for (const [what, [bytes, records, expected]] of Object.entries(whole)) {
    it(what, async () => {
      const file = folder.write('file', Buffer.from(bytes, 'latin1'));
      assert.deepEqual(await outcome(createReadStream(file, { records })), { records: expected });
    });
  }
});

describeWithFifos('bytes that come one by one', () => {
  const folder = temporaryFolder();

  it('are the same records', async () => {
    for (const [bytes, records, expected] of [...Object.values(whole), ...Object.values(delivered)]) {
      const pieces = [...Buffer.from(bytes.slice(0, 50), 'latin1')].map((byte) => Uint8Array.of(byte));
      if (pieces.length < bytes.length) continue;
      assert.deepEqual(await outcome(throughFifo(folder, pieces, { records })), { records: expected });
    }
  });

  it('are the same errors', async () => {
    for (const [bytes, records, expected, position] of Object.values(incomplete).slice(0, -1)) {
      const pieces = [...Buffer.from(bytes, 'latin1')].map((byte) => Uint8Array.of(byte));
      const got = await outcome(throughFifo(folder, pieces, { records }));
      assert.deepEqual(got, { records: expected, code: INCOMPLETE, position });
    }
  });
});

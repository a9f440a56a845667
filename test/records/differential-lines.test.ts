/**
 * Random bytes in random cuts: the lines that others find. Where they find other ones on purpose, it is said here, and these are
 * all the differences there are.
 */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, cut, eachSeed, ours } from './helpers/chance';
import { byDelimiter, byReadline, bySerialReadline, bySplit2 } from './helpers/others';

const SEEDS = 150;
const WORDS = ['a', 'bc', ' ', '\n', '\n', '\r\n', 'é', '€', '𝄞', '\ufeff', 'x'.repeat(99), '\r', '\u2028'];
const WRONG = ['c3', 'e282', 'f09d84', '80', 'ff', 'eda080'].map((hex) => Buffer.from(hex, 'hex'));

const lines = { records: 'lines' } as const;
const fromLatin1 = (records: string[]): string[] => records.map((record) => Buffer.from(record, 'latin1').toString());

/** Of what others that take every record's end for a separator leave out: nothing behind the last one. */
const noEmpty = (records: string[]): string[] => records.filter((record) => record !== '');

describe('lines of chance', () => {
  const folder = temporaryFolder();

  it('are those of readline, which also ends them at a lone \\r, and as of some version at U+2028', async () => {
    await eachSeed(SEEDS, async (random) => {
      // With an end: readline takes a lone \r at the very end for one, and forgets a character that is not whole there.
      const bytes = Buffer.concat([bytesOf(random, [...WORDS, ...WRONG], 60), Buffer.from('\n')]);
      const pieces = cut(random, bytes);
      const theirs = (await byReadline(pieces)).flatMap((line) => line.split('\u2028'));
      const { records } = await ours(random, folder, pieces, lines);
      assert.deepEqual(
        fromLatin1(records).flatMap((line) => line.split(/[\r\u2028]/)),
        theirs,
      );
    });
  });

  it('are those of readline without what is different', async () => {
    const words = WORDS.filter((word) => word !== '\r' && word !== '\u2028');
    await eachSeed(SEEDS, async (random) => {
      const pieces = cut(random, bytesOf(random, words, 60));
      const { records } = await ours(random, folder, pieces, lines);
      assert.deepEqual(fromLatin1(records), await byReadline(pieces));
    });
  });

  it('are those of split2', async () => {
    await eachSeed(SEEDS, async (random) => {
      const pieces = cut(random, bytesOf(random, [...WORDS, ...WRONG], 60));
      const { records } = await ours(random, folder, pieces, lines);
      assert.deepEqual(fromLatin1(records), await bySplit2(pieces));
    });
  });

  it("are those of serialport's readline parser, which has no empty ones, and takes no \\r off", async () => {
    await eachSeed(SEEDS, async (random) => {
      const pieces = cut(random, bytesOf(random, [...WORDS, ...WRONG], 60));
      const { records } = await ours(random, folder, pieces, { records: { delimiter: '\n' } });
      assert.deepEqual(noEmpty(records), await bySerialReadline('\n', pieces));
    });
  });
});

describe('delimited records of chance', () => {
  const folder = temporaryFolder();

  for (const delimiter of ['\0', '--', '\r\n', 'aab', 'abab', '0123456789abcdef']) {
    it(`are those of serialport's parser, which has no empty ones, for ${JSON.stringify(delimiter)}`, async () => {
      const words = [
        ...Array.from(delimiter),
        delimiter,
        delimiter,
        delimiter.slice(0, -1),
        'a',
        'b',
        'x'.repeat(99),
        ...WRONG,
      ];
      await eachSeed(SEEDS / 3, async (random) => {
        const pieces = cut(random, bytesOf(random, words, 60));
        const { records } = await ours(random, folder, pieces, { records: { delimiter } });
        assert.deepEqual(noEmpty(records), await byDelimiter(delimiter, pieces));
      });
    });
  }
});

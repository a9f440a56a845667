/** Random lines, of which some are too long: what a few plain lines of JavaScript make of the same bytes. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, cut, eachSeed, ours } from './helpers/chance';
import type { Outcome } from './helpers/ways';

const SEEDS = 60;
const WORDS = ['a', 'b', '\r', '\n', '\n', '\r\n', '--', '--', '-', 'x'.repeat(20), 'y'.repeat(150), 'z'.repeat(1200)];

/** A record, and where it begins. */
type Found = [record: string, begin: number];

function linesOf(text: string): Found[] {
  let begin = 0;
  return text.split('\n').map((line) => {
    const found: Found = [line.replace(/\r$/, ''), begin];
    begin += line.length + 1;
    return found;
  });
}

function delimitedOf(text: string): Found[] {
  let begin = 0;
  return text.split('--').map((record) => {
    const found: Found = [record, begin];
    begin += record.length + 2;
    return found;
  });
}

function expected(found: Found[], longest: number, longRecords: 'error' | 'split' | 'truncate'): Outcome {
  const records: string[] = [];
  for (const [record, position] of found) {
    if (record.length > longest && longRecords === 'error') {
      return { records, code: 'ERR_SLIPRING_RECORD_TOO_LONG', position };
    }
    const parts = record.match(new RegExp(`[^]{1,${longest}}`, 'g')) ?? [''];
    records.push(...(longRecords === 'split' ? parts : parts.slice(0, 1)));
  }
  return { records };
}

describe('long records of chance', () => {
  const folder = temporaryFolder();

  for (const longRecords of ['error', 'split', 'truncate'] as const) {
    for (const records of ['lines', { delimiter: '--' }] as const) {
      it(`are as they are to be with '${longRecords}', for ${JSON.stringify(records)}`, async () => {
        await eachSeed(SEEDS, async (random) => {
          const end = records === 'lines' ? '\n' : '--';
          const bytes = Buffer.concat([bytesOf(random, WORDS, 40), Buffer.from(end)]);
          const text = bytes.toString('latin1');
          const found = (records === 'lines' ? linesOf : delimitedOf)(text);
          // Behind the last end there is nothing, but what is left of an overlapping one.
          if (found.at(-1)?.[0] === '') found.pop();
          const maxRecordSize = 1 + random.below(random.oneIn(2) ? 10 : 400);
          const got = await ours(random, folder, cut(random, bytes), { records, maxRecordSize, longRecords });
          assert.deepEqual(got, expected(found, maxRecordSize, longRecords));
        });
      });
    }
  }
});

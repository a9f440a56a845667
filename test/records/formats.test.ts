/** What is written in each format is read, in every way, however the bytes are cut. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createPluginStream, createReadStream } from 'slipring';

import { Random } from '../fuzz/helpers/random';
import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { describeWithFifos } from '../helpers/where';
import { compile, describeWithCompiler } from '../plugin/helpers/library';
import { formats, write } from './helpers/formats';
import { throughFifo } from './helpers/through-fifo';
import { outcomeOf, ways } from './helpers/ways';

const sizes = [{ slotSize: 64, slots: 2 }, { slotSize: 1000, slots: 3 }, {}];

for (const [name, format] of Object.entries(formats)) {
  const { records } = format;

  describe(`records of ${name}`, () => {
    const folder = temporaryFolder();

    for (const [what, way] of Object.entries(ways)) {
      it(`are read from a file by ${what}`, async () => {
        for (const [seed, size] of sizes.entries()) {
          const { bytes, records: expected } = write(format, seed);
          const file = folder.write('file', bytes);
          const got = await outcomeOf(way, (options) => createReadStream(file, { ...options, ...size, records }));
          assert.deepEqual(got, { records: expected });
        }
      });
    }
  });

  describeWithFifos(`records of ${name} that come in pieces`, () => {
    const folder = temporaryFolder();

    for (const what of ["'data'", 'lines()', 'batches(), at(i)']) {
      const way = ways[what] as (typeof ways)[string];
      it(`are read from a FIFO by ${what}`, async () => {
        const random = new Random(7);
        for (const [seed, size] of sizes.entries()) {
          const { bytes, records: expected } = write(format, seed, 100);
          const pieces: Buffer[] = [];
          for (let begin = 0; begin < bytes.length; begin += (pieces.at(-1) as Buffer).length) {
            pieces.push(bytes.subarray(begin, begin + 1 + random.below(random.oneIn(5) ? 500 : 20)));
          }
          const got = await outcomeOf(way, (options) => throughFifo(folder, pieces, { ...options, ...size, records }));
          assert.deepEqual(got, { records: expected });
        }
      });
    }
  });
}

describe('records of a pattern', () => {
  it('are cut from it', async () => {
    const packets: Buffer[] = [];
    for await (const batch of createPatternStream({ seed: 3, length: 188 * 1000, records: { size: 188 } }).batches()) {
      for (const packet of batch) packets.push(Buffer.from(packet));
    }
    assert.equal(packets.length, 1000);
    assert.ok(Buffer.concat(packets).equals(patternBytes(3, 0, 188 * 1000)));
  });
});

describeWithCompiler('records of a plugin', () => {
  const folder = temporaryFolder();

  it('are cut from what it gives', async () => {
    const library = compile(folder, 'pattern');
    const options = { config: { seed: 3, words: 47 * 1000 }, slotSize: 1000, records: { size: 188 } };
    const packets: Buffer[] = [];
    for await (const packet of createPluginStream(library, options)) packets.push(packet as Buffer);
    assert.equal(packets.length, 1000);
    assert.ok(Buffer.concat(packets).equals(patternBytes(3, 0, 188 * 1000)));
  });
});

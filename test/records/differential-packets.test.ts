/**
 * Random packets in random cuts: those that others find. They give what is left at the end as if it were one, which is
 * ERR_SLIPRING_RECORD_INCOMPLETE here; and they have no empty ones.
 */
import { strict as assert } from 'node:assert';
import type { RecordFormat } from 'slipring';

import type { Random } from '../fuzz/helpers/random';
import { temporaryFolder } from '../helpers/files';
import { cut, eachSeed, ours, recordsOf } from './helpers/chance';
import {
  byByteLength,
  byCobs,
  byPacketLength,
  bySlipDecoder,
  encodedByCobs,
  encodedBySlipEncoder,
  type Pieces,
} from './helpers/others';

const SEEDS = 100;

/** Some of the bytes, or all. */
const cutOff = (random: Random, bytes: Buffer): Buffer =>
  bytes.subarray(0, bytes.length - random.below(2) * random.below(9));

/** Packets that begin with 0xaa, and then say how long they are. */
function packets(records: Pieces, width: number): Buffer {
  const packet = (record: Buffer): Buffer[] => {
    const payload = record.subarray(0, 2 ** (8 * width) - 1);
    const head = Buffer.from([0xaa, payload.length & 255, payload.length >>> 8]).subarray(0, 1 + width);
    return [head, payload];
  };
  return Buffer.concat(records.flatMap(packet));
}

interface Contest {
  records: RecordFormat;
  written: (random: Random) => Buffer | Promise<Buffer>;
  theirs: (pieces: Pieces) => Promise<string[]>;
  /** An incomplete record is not among theirs. */
  dropsRest?: boolean;
}

const contests: Record<string, Contest> = {
  'byte-length parser': {
    records: { size: 13 },
    written: (random) => Buffer.concat(recordsOf(random)),
    theirs: (pieces) => byByteLength(13, pieces),
  },
  'packet-length parser, for 8 bits': {
    records: { prefix: 'u8', offset: 1, strip: false },
    written: (random) => packets(recordsOf(random), 1),
    theirs: (pieces) => byPacketLength(1, pieces),
  },
  'packet-length parser, for 16 bits': {
    records: { prefix: 'u16le', offset: 1, strip: false },
    written: (random) => packets(recordsOf(random), 2),
    theirs: (pieces) => byPacketLength(2, pieces),
  },
  'SLIP decoder': {
    records: { frame: 'slip' },
    written: (random) => encodedBySlipEncoder(recordsOf(random)),
    theirs: bySlipDecoder,
  },
  'COBS decoder, which leaves out what is left': {
    records: { frame: 'cobs' },
    written: (random) => encodedByCobs(recordsOf(random)),
    theirs: byCobs,
    dropsRest: true,
  },
};

describe('packets of chance', () => {
  const folder = temporaryFolder();

  for (const [name, { records, written, theirs, dropsRest = false }] of Object.entries(contests)) {
    it(`are those of the ${name}`, async () => {
      await eachSeed(SEEDS, async (random) => {
        const pieces = cut(random, cutOff(random, await written(random)));
        const expected = await theirs(pieces);
        const got = await ours(random, folder, pieces, { records });
        const found = got.records.filter((record) => record !== '');
        if (got.code === undefined || dropsRest) {
          assert.deepEqual(found, expected);
          return;
        }
        assert.equal(got.code, 'ERR_SLIPRING_RECORD_INCOMPLETE');
        // An escape alone is a rest, too, and has no byte in it.
        const rest = expected.slice(found.length);
        assert.deepEqual([found, rest.length <= 1], [expected.slice(0, found.length), true]);
      });
    });
  }
});

/** Bytes, cuts and ways to read them, all of chance. */
import { createReadStream, type ByteStream, type RecordStreamOptions } from 'slipring';

import { Random } from '../../fuzz/helpers/random';
import type { Folder } from '../../helpers/files';
import { onWindows } from '../../helpers/where';
import { throughFifo } from './through-fifo';
import { outcomeOf, ways, type Outcome } from './ways';

/** Runs `check` with so many seeds, and says which one it was that failed. */
export async function eachSeed(count: number, check: (random: Random) => Promise<void>): Promise<void> {
  for (let seed = 0; seed < count; seed++) {
    try {
      await check(new Random(seed));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}

/** Bytes made of `words`. */
export function bytesOf(random: Random, words: readonly (string | Buffer)[], count: number): Buffer {
  return Buffer.concat(Array.from({ length: random.below(count) }, () => Buffer.from(random.of(words) as Buffer)));
}

/** Records of any bytes, seldom long. */
export function recordsOf(random: Random, most = 30): Buffer[] {
  const special = [0, 0xaa, 0xc0, 0xdb, 0xdc, 0xdd, 0xff];
  const record = (): Buffer => {
    const length = random.below(random.oneIn(10) ? 1000 : 20);
    return Buffer.from(Array.from({ length }, () => (random.oneIn(4) ? random.of(special) : random.below(256))));
  };
  return Array.from({ length: random.below(most) }, record);
}

export function cut(random: Random, bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let begin = 0; begin < bytes.length; begin += (pieces.at(-1) as Buffer).length) {
    pieces.push(bytes.subarray(begin, begin + 1 + random.below(random.oneIn(3) ? 5 : 200)));
  }
  return pieces;
}

/** What we make of the pieces: of a file that holds them, or of a FIFO that they are written to, in slots of any size. */
export function ours(
  random: Random,
  folder: Folder,
  pieces: readonly Buffer[],
  options: RecordStreamOptions,
): Promise<Outcome> {
  const size = { slotSize: 64 + random.below(random.oneIn(2) ? 100 : 4000), slots: 1 + random.below(4) };
  const inPieces = !onWindows && random.oneIn(3);
  const file = inPieces ? '' : folder.write('file', Buffer.concat(pieces));
  const way = ways[random.of(Object.keys(ways).filter((name) => !/string|lines/.test(name)))] as (typeof ways)[string];
  return outcomeOf(way, (more): ByteStream => {
    const all = { ...options, ...size, ...more };
    return inPieces ? throughFifo(folder, pieces, all) : createReadStream(file, all);
  });
}

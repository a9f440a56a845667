/**
 * Histories of chance: a log is written to, rotated in every way, cut, compressed and deleted, while a stream of it is stopped and
 * resumed. `SLIPRING_HISTORIES=1000` tells how many, `SLIPRING_HISTORY=SEED` runs one.
 */
import fs from 'node:fs';
import path from 'node:path';

import { Random } from '../fuzz/helpers/random';
import { temporaryFolder } from '../helpers/files';
import { describeWhere } from '../helpers/where';
import { check, History, lineOf } from './helpers/history';
import { Reading } from './helpers/reading';

const { SLIPRING_HISTORIES = '60', SLIPRING_HISTORY } = process.env;
/** A history takes a tenth of a second. */
const PATIENCE = 20_000;

/** Between two readings, of which the last one may have left something unread. */
function away(history: History, random: Random, caughtUp: boolean): void {
  let rotated = !caughtUp;
  for (let operations = random.below(6); operations > 0; operations--) {
    const what = random.of(['write', 'write', 'rotate', 'rotate', 'copy', 'remove', 'compress', 'recreate'] as const);
    if (what === 'rotate') history.rotate();
    else if (what === 'copy') history.copyAndTruncate();
    else if (what === 'remove') history.remove();
    else if (what === 'compress') history.compress();
    // What was in a log that is deleted before anybody has seen it leaves no trace.
    else if (what === 'recreate' && !rotated) history.recreate();
    else history.write();
    rotated ||= what === 'rotate' || what === 'copy';
  }
}

/** While it is read, and all is read each time. */
function watched(history: History, random: Random): void {
  const what = random.of(['write', 'rotate', 'rotate', 'copy', 'remove', 'compress', 'recreate'] as const);
  if (what === 'rotate') history.rotate();
  else if (what === 'copy') history.copyAndTruncate();
  else if (what === 'remove') history.remove();
  else if (what === 'compress') history.compress();
  else if (what === 'recreate') history.recreate();
}

async function run(folder: string, seed: number): Promise<void> {
  const random = new Random(seed);
  fs.mkdirSync(folder);
  const history = new History(folder, random);
  const reading = new Reading(history.file, { waitForFile: true });
  const live = async (): Promise<void> => {
    let caughtUp = true;
    for (let readings = 2 + random.below(5); readings > 0; readings--) {
      away(history, random, caughtUp);
      reading.options.slotSize = 16 + random.below(random.oneIn(2) ? 100 : 3000);
      caughtUp = readings === 1 || random.oneIn(2);
      const before = reading.pieces.length;
      const slots = 1 + random.below(4);
      let left = caughtUp ? random.below(4) : 0;
      let mark = '';
      const markIt = (): void => {
        mark = lineOf(history.written++);
        fs.appendFileSync(history.file, mark);
      };
      history.note(`[${caughtUp ? 'all' : slots}`);
      const isEnough = ({ pieces, text }: Reading): boolean => {
        if (!caughtUp && pieces.slice(before).filter((piece) => piece !== null).length >= slots) return true;
        if (!text.endsWith(mark)) return false;
        if (left-- <= 0) return true;
        watched(history, random);
        markIt();
        return false;
      };
      await reading.read(isEnough, markIt);
      history.note(']');
    }
    check(reading.pieces);
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it waits for what does not come')), PATIENCE);
  });
  try {
    await Promise.race([live(), late]);
  } catch (error) {
    throw new Error(`SLIPRING_HISTORY=${seed}: ${history.story}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  fs.rmSync(folder, { recursive: true });
}

// Elsewhere nobody tells of files that have another name a moment later.
describeWhere(process.platform === 'linux', 'only Linux tells of each rotation')('histories of chance', () => {
  const folder = temporaryFolder();

  it('lose nothing without a gap, and give nothing twice', async function () {
    const first = SLIPRING_HISTORY === undefined ? 0 : Number(SLIPRING_HISTORY);
    const count = SLIPRING_HISTORY === undefined ? Number(SLIPRING_HISTORIES) : 1;
    this.timeout(60_000 + count * 1000);
    for (let seed = first; seed < first + count; seed++) await run(path.join(folder.path(''), String(seed)), seed);
  });
});

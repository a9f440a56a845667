/**
 * Histories of chance: a log is written to, rotated in every way, cut, compressed and deleted, while a stream of it is stopped and
 * resumed. `SLIPRING_HISTORIES=1000` tells how many, `SLIPRING_HISTORY=SEED` runs one.
 */
import { strict as assert } from 'node:assert';
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

type Operation = 'write' | 'rotate' | 'copy' | 'remove' | 'compress' | 'recreate';
const ALL: readonly Operation[] = ['write', 'write', 'rotate', 'rotate', 'copy', 'remove', 'compress', 'recreate'];
/** What loses nothing. */
const KIND: readonly Operation[] = ['write', 'write', 'rotate'];

function happen(history: History, what: Operation): void {
  if (what === 'rotate') history.rotate();
  else if (what === 'copy') history.copyAndTruncate();
  else if (what === 'remove') history.remove();
  else if (what === 'compress') history.compress();
  else if (what === 'recreate') history.recreate();
  else history.write();
}

/** Between two readings, of which the last one may have left something unread. */
function away(history: History, random: Random, operations: readonly Operation[], caughtUp: boolean): void {
  let rotated = !caughtUp;
  for (let count = random.below(6); count > 0; count--) {
    const what = random.of(operations);
    // What was in a log that is deleted before anybody has seen it leaves no trace.
    happen(history, what === 'recreate' && rotated ? 'write' : what);
    rotated ||= what === 'rotate' || what === 'copy';
  }
}

async function run(folder: string, seed: number, operations: readonly Operation[]): Promise<Reading> {
  const random = new Random(seed);
  fs.mkdirSync(folder);
  const history = new History(folder, random, operations === KIND ? 100 : 6, random.oneIn(3));
  const reading = new Reading(history.file, { waitForFile: true });
  const live = async (): Promise<void> => {
    let caughtUp = true;
    for (let readings = 2 + random.below(5); readings > 0; readings--) {
      away(history, random, operations, caughtUp);
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
        // While it is read, and all is read each time.
        happen(history, random.of(operations));
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
  return reading;
}

// Elsewhere nobody tells of files that have another name a moment later.
describeWhere(process.platform === 'linux', 'only Linux tells of each rotation')('histories of chance', () => {
  const folder = temporaryFolder();

  const first = SLIPRING_HISTORY === undefined ? 0 : Number(SLIPRING_HISTORY);
  const count = SLIPRING_HISTORY === undefined ? Number(SLIPRING_HISTORIES) : 1;
  const place = (name: string): string => path.join(folder.path(''), name);

  it('lose nothing without a gap, and give nothing twice', async function () {
    this.timeout(60_000 + count * 1000);
    let gaps = 0;
    let given = 0;
    for (let seed = first; seed < first + count; seed++) {
      const reading = await run(place(`all-${seed}`), seed, ALL);
      gaps += reading.gaps.length;
      given += reading.pieces.length;
    }
    if (count > 20) assert.ok(gaps > count / 5 && given > gaps, 'the histories show nothing');
  });

  it('have no gap when files are only renamed and linked', async function () {
    this.timeout(60_000 + count * 1000);
    for (let seed = first; seed < first + count; seed++) {
      const { gaps } = await run(place(`kind-${seed}`), seed, KIND);
      assert.deepEqual(gaps, [], `SLIPRING_HISTORY=${seed}`);
    }
  });
});

/** Rotated files whose names count down, up, or by date: a stream that is resumed reads what came later, and nothing twice. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';

import { temporaryFolder } from '../helpers/files';
import { onWindows } from '../helpers/where';
import { Reading } from './helpers/reading';
import { tick } from './helpers/tick';

type Move = (from: string, to: string) => void;

const rename: Move = (from, to) => fs.renameSync(from, to);
/** As who must not lose the name for a moment does it. */
const link: Move = (from, to) => {
  fs.linkSync(from, to);
  fs.writeFileSync(`${from}.next`, '');
  fs.renameSync(`${from}.next`, from);
};

describe('a stream that is resumed in a series', () => {
  const folder = temporaryFolder();
  let files = 0;
  const start = (): string => folder.write(`log-${files++}.txt`, '');
  /** The log becomes `name`, and a younger one has `text`. */
  const next = (log: string, name: string, text: string, move = rename): void => {
    move(log, name);
    tick(name);
    fs.appendFileSync(log, text);
  };

  async function reading(log: string, text: string): Promise<Reading> {
    const begun = new Reading(log);
    await begun.reach(text);
    return begun;
  }

  async function reaches(reading: Reading, text: string): Promise<void> {
    await reading.reach(text);
    assert.equal(reading.text, text);
    assert.deepEqual(reading.gaps, []);
  }

  for (const [how, move] of [
    ['renamed', rename],
    ['linked', link],
  ] as const)
    it(`does not go back where numbers count up, and files are ${how}`, async function () {
      if (onWindows && move === link) this.skip();
      const log = start();
      fs.writeFileSync(log, 'one, ');
      next(log, `${log}.1`, 'two, ', move);
      next(log, `${log}.2`, 'three, ', move);
      const third = await reading(log, 'three, ');
      next(log, `${log}.3`, 'four, ', move);
      await reaches(third, 'three, four, ');
      next(log, `${log}.4`, 'five, ', move);
      next(log, `${log}.5`, 'six, ', move);
      await reaches(third, 'three, four, five, six, ');
    });

  it('goes through what came later where numbers count up', async () => {
    const log = start();
    fs.writeFileSync(log, 'one, ');
    const first = await reading(log, 'one, ');
    for (const [index, text] of ['two, ', 'three, ', 'four, '].entries()) next(log, `${log}.${index + 1}`, text);
    await reaches(first, 'one, two, three, four, ');
  });

  it('tells of a number that is missing where they count up, and of none before', async () => {
    const log = start();
    fs.writeFileSync(log, 'one, ');
    next(log, `${log}.1`, 'two, ');
    const second = await reading(log, 'two, ');
    for (const number of [2, 3, 4]) next(log, `${log}.${number}`, `${number + 1}, `);
    fs.rmSync(`${log}.1`);
    fs.rmSync(`${log}.3`);
    await second.read(({ text }) => text.endsWith('5, '));
    assert.equal(second.pieces.map((piece) => piece ?? '(gap)').join(''), 'two, (gap)4, 5, ');
  });

  it('goes through dates, which count up', async () => {
    const log = start();
    fs.writeFileSync(log, 'one, ');
    next(log, `${log}-20261129`, 'two, ');
    const second = await reading(log, 'two, ');
    next(log, `${log}-20261130`, 'three, ');
    next(log, `${log}-20261201`, 'four, ');
    await reaches(second, 'two, three, four, ');
  });

  it("takes logrotate's order, the largest number first, when all is of one time", async () => {
    const log = start();
    fs.writeFileSync(log, 'one, ');
    const first = await reading(log, 'one, ');
    for (const text of ['two, ', 'three, ']) {
      if (fs.existsSync(`${log}.1`)) fs.renameSync(`${log}.1`, `${log}.2`);
      fs.renameSync(log, `${log}.1`);
      fs.writeFileSync(log, text);
    }
    await reaches(first, 'one, two, three, ');
  });

  it('reads no old file that somebody has unpacked, or written to', async () => {
    const log = start();
    fs.writeFileSync(log, 'one, ');
    next(log, `${log}.1`, 'two, ');
    next(log, `${log}.2`, 'three, ');
    const third = await reading(log, 'three, ');
    next(log, `${log}.3`, 'four, ');
    const { atime, mtime } = fs.statSync(`${log}.1`);
    fs.copyFileSync(`${log}.1`, `${log}.unpacked`);
    fs.renameSync(`${log}.unpacked`, `${log}.1`);
    fs.utimesSync(`${log}.1`, atime, mtime);
    fs.appendFileSync(`${log}.2`, 'late');
    await third.read(({ pieces }) => pieces.at(-1) === 'four, ');
    assert.equal(third.pieces.join(''), 'three, four, ');
  });
});

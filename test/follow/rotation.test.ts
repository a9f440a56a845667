/** Rotations in which nothing is lost and nothing comes twice, however fast they are. */
import { mkdirSync } from 'node:fs';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed, parked } from '../helpers/waiting';
import { Lines } from './helpers/lines';
import { rotate } from './helpers/rotating';

const LINES = 100_000;

const styles: Record<string, string> = {
  chain: 'old files are renamed, each to the next number',
  few: 'only the last three old files are kept',
  late: 'the writer goes on with the old file for a while',
  over: 'a new file is renamed over the old one',
  remove: 'the old file is deleted',
  away: 'old files are moved to another folder',
  link: 'the old file gets another name by a link',
  empty: 'every second file stays empty',
};

// Elsewhere nobody tells us of files that are gone a moment later.
if (onLinux) {
  describe('a rotation', () => {
    const folder = temporaryFolder();
    let runs = 0;

    function newFile(): string {
      const file = folder.write(`log-${++runs}`, '');
      mkdirSync(`${file}.old`);
      return file;
    }

    for (const [style, what] of Object.entries(styles)) {
      for (const pause of [0, 2]) {
        const pace = pause === 0 ? 'as fast as can be' : `every ${pause} milliseconds`;
        it(`where ${what} loses no line and repeats none, ${pace}`, async () => {
          const file = newFile();
          const lines = new Lines(createReadStream(file, { follow: true }));
          await rotate(file, { style, lines: LINES, rotations: 25, pause });
          await lines.reach(LINES);
          await closed(lines.stream.destroy());
        });
      }
    }

    for (const style of Object.keys(styles)) {
      it(`of style '${style}', ten times while the consumer stalls, loses no line`, async () => {
        const file = newFile();
        const stream = createReadStream(file, { follow: true, slots: 2, slotSize: 1000 });
        const rotated = rotate(file, { style, lines: 20_000, rotations: 10 });
        await parked(stream);
        await rotated;
        const lines = new Lines(stream);
        await lines.reach(20_000);
        await closed(stream.destroy());
      });
    }
  });
}

/** Rotations in which nothing is lost and nothing comes twice, however fast they are. */
import { once } from 'node:events';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed, parked } from '../helpers/waiting';
import { Lines } from './helpers/lines';
import { rotate } from './helpers/rotating';

const LINES = 100_000;
const ROTATIONS = 25;

const styles: Record<string, string> = {
  chain: 'old files are renamed, each to the next number',
  late: 'the writer goes on with the old file for a while',
  empty: 'every second file stays empty',
};

// Elsewhere nobody tells us of files that have another name a moment later.
if (onLinux) {
  describe('a rotation', () => {
    const folder = temporaryFolder();
    let runs = 0;

    async function allLines(lines: Lines, count: number): Promise<void> {
      try {
        await lines.reach(count);
      } finally {
        await closed(lines.stream.destroy());
      }
    }

    for (const [style, what] of Object.entries(styles)) {
      for (const pause of [0, 2]) {
        const pace = pause === 0 ? 'as fast as can be' : `every ${pause} milliseconds`;
        it(`where ${what} loses no line and repeats none, ${pace}`, async () => {
          const file = folder.write(`log-${++runs}`, '');
          const lines = new Lines(createReadStream(file, { follow: true }));
          await once(lines.stream, 'ready');
          await rotate(file, { style, lines: LINES, rotations: ROTATIONS, pause });
          await allLines(lines, LINES);
        });
      }

      it(`where ${what} loses no line while the consumer stalls`, async () => {
        const file = folder.write(`log-${++runs}`, '');
        const stream = createReadStream(file, { follow: true, slots: 2, slotSize: 1000 });
        await once(stream, 'ready');
        const rotated = rotate(file, { style, lines: 20_000, rotations: 10 });
        await parked(stream);
        await rotated;
        await allLines(new Lines(stream), 20_000);
      });
    }
  });
}

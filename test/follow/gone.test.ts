/** Old files that are deleted, or moved out of sight, as soon as the stream has opened them, and before it has read them. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { descriptors, onLinux } from '../helpers/process';
import { closed, parked, until } from '../helpers/waiting';
import { Lines, linesOf } from './helpers/lines';

const FILES = 20;
const LINES = 500;

/** How the file makes room for the next one, and how that one comes; `create` fills a new file. */
type Style = (file: string, number: number, create: (name: string) => void) => void;

const styles: Record<string, Style> = {
  'is deleted'(file, _number, create) {
    fs.unlinkSync(file);
    create(file);
  },
  'is overwritten by a rename'(file, _number, create) {
    create(`${file}.new`);
    fs.renameSync(`${file}.new`, file);
  },
  'is moved to another folder'(file, number, create) {
    fs.renameSync(file, `${file}.old/${number}`);
    create(file);
  },
  'gets another name by a link'(file, number, create) {
    fs.linkSync(file, `${file}-${number}`);
    fs.unlinkSync(file);
    create(file);
  },
  'is renamed to what the last one was renamed to'(file, _number, create) {
    fs.renameSync(file, `${file}.1`);
    create(file);
  },
};

/** Whether this process has the file open. */
function isOpen(file: string): boolean {
  const { dev, ino } = fs.statSync(file);
  return descriptors().some((fd) => {
    try {
      const open = fs.fstatSync(Number(fd));
      return open.dev === dev && open.ino === ino;
    } catch {
      return false; // closed meanwhile
    }
  });
}

if (onLinux) {
  describe('an old file that is not read yet', () => {
    const folder = temporaryFolder();
    let runs = 0;

    /** Rotates the file, which is open, each time that the next one is. */
    async function rotate(file: string, replace: Style): Promise<void> {
      for (let number = 1; number < FILES; number++) {
        const from = number * LINES;
        replace(file, number, (name) => fs.writeFileSync(name, linesOf(from, from + 2)));
        await until(() => isOpen(file));
        fs.appendFileSync(file, linesOf(from + 2, from + LINES));
      }
    }

    function newFile(): string {
      const file = folder.write(`log-${++runs}`, linesOf(0, LINES));
      fs.mkdirSync(`${file}.old`);
      return file;
    }

    for (const [what, style] of Object.entries(styles)) {
      it(`is read to its end when it ${what}`, async () => {
        const file = newFile();
        const lines = new Lines(createReadStream(file, { follow: true }));
        await until(() => lines.count > 0);
        await rotate(file, style);
        await lines.reach(FILES * LINES);
        await closed(lines.stream.destroy());
      });

      it(`is read to its end when it ${what} while the consumer stalls`, async () => {
        const file = newFile();
        const before = descriptors().length;
        const stream = createReadStream(file, { follow: true, slots: 1, slotSize: 1000 });
        await parked(stream);
        await rotate(file, style);
        const lines = new Lines(stream);
        await lines.reach(FILES * LINES);
        await closed(stream.destroy());
        assert.equal(descriptors().length, before);
      });
    }
  });
}

/** What is lost is told, and counted: files that nobody could have opened in time, and bytes that were cut off. */
import { strict as assert } from 'node:assert';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { createReadStream, type Gap, type ReadStream, type ReadStreamOptions } from 'slipring';

import { temporaryFolder, withoutPrivileges } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed, until } from '../helpers/waiting';
import { describeWithPackages } from '../helpers/where';
import { Text } from './helpers/text';

const ROTATIONS = 500;
/** That many lines are in each file. */
const LINES = 5;

/** The styles of fixtures/back-to-back.c, and whether all of their files still have a name in the folder. */
const styles: Record<string, boolean> = {
  'rename-create': true,
  'delete-create': false,
  'rename-over': false,
  'link-rename-over': true,
  exchange: true,
  'exchange-delete': false,
  'symlink-swap': false,
};

function contentOf(number: number): string {
  return Array.from({ length: LINES }, (_, line) => `${number} ${line}\n`).join('');
}

/** Follows the file, and keeps what it gives and what it says is missing. */
class Follower {
  readonly stream: ReadStream;
  readonly gaps: Gap[] = [];
  readonly text: Text;

  constructor(file: string, options: ReadStreamOptions = {}) {
    this.stream = createReadStream(file, { ...options, follow: true });
    this.stream.on('gap', (gap: Gap) => this.gaps.push(gap));
    this.text = new Text(this.stream);
  }

  /** The numbers of the files that came, each once and whole, in their order. */
  files(): number[] {
    const numbers = this.text.all.split('\n').filter((_, line) => line % LINES === 0);
    const found = numbers.filter((line) => line !== '').map((line) => parseInt(line, 10));
    assert.equal(this.text.all, found.map(contentOf).join(''));
    for (const [index, number] of found.entries()) assert.ok(index === 0 || number > (found[index - 1] as number));
    return found;
  }
}

if (onLinux) {
  describe('what is lost of a file that is followed', () => {
    const folder = temporaryFolder();

    /** A link to itself: it cannot be opened, and is gone. */
    function comeAndGo(file: string): void {
      fs.symlinkSync(path.basename(file), file);
      fs.unlinkSync(file);
    }

    it('is a gap before what comes next, and is counted', async () => {
      const file = folder.write('gap', 'first');
      const { text, gaps, stream } = new Follower(file);
      await text.reach('first');
      fs.renameSync(file, `${file}.1`);
      comeAndGo(file);
      comeAndGo(file);
      fs.writeFileSync(file, 'second');
      await text.reach('firstsecond');
      assert.deepEqual(gaps, [{ droppedChunks: 0, droppedBytes: 0, sequence: 1, files: 2 }]);
      assert.equal(stream.stats().lostFiles, 2);
      await text.close();
      assert.equal(stream.stats().lostFiles, 2);
    });

    it("is told before the 'rotate' to the file that comes next", async () => {
      const file = folder.write('order', 'first');
      const { text, stream } = new Follower(file);
      const told: string[] = [];
      for (const event of ['gap', 'rotate']) stream.on(event, () => told.push(`${event} after ${text.all}`));
      await text.reach('first');
      fs.renameSync(file, `${file}.1`);
      comeAndGo(file);
      fs.writeFileSync(file, 'second');
      await text.reach('firstsecond');
      assert.deepEqual(told, ['gap after first', 'rotate after first']);
      await text.close();
    });

    it('is counted although nothing comes after it', async () => {
      const file = folder.write('counted', 'first');
      const { text, gaps, stream } = new Follower(file);
      await text.reach('first');
      fs.renameSync(file, `${file}.1`);
      comeAndGo(file);
      await until(() => stream.stats().lostFiles === 1);
      assert.deepEqual(gaps, []);
      await text.close();
    });

    it('is a file that nobody may open, when the next one is there', async () => {
      fs.mkdirSync(folder.path('open'), { mode: 0o777 });
      fs.chmodSync(folder.path('open'), 0o777);
      fs.chmodSync(folder.path('.'), 0o755);
      const file = path.join(folder.path('open'), 'log');
      fs.writeFileSync(file, 'first');
      const { text, stream } = new Follower(file);
      await text.reach('first');
      await withoutPrivileges(async () => {
        fs.renameSync(file, `${file}.1`);
        fs.writeFileSync(`${file}.secret`, 'secret', { mode: 0 });
        fs.renameSync(`${file}.secret`, file);
        fs.renameSync(file, `${file}.2`);
        fs.writeFileSync(file, 'second');
        await text.reach('firstsecond');
        assert.equal(stream.stats().lostFiles, 1);
      });
      await text.close();
    });

    it("is an error with overflow 'strict', after all that came before", async () => {
      const file = folder.write('strict', 'first');
      const { stream, text } = new Follower(file, { overflow: 'strict', slots: 2, slotSize: 1 });
      await text.reach('first');
      fs.renameSync(file, `${file}.1`);
      comeAndGo(file);
      const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
      assert.equal(error.code, 'ERR_SLIPRING_OVERFLOW');
      assert.equal(text.all, 'first');
      await closed(stream);
    });

    it("is not what waits for the consumer: 'strict' loses nothing of a full ring", async () => {
      const file = folder.write('full', 'x'.repeat(1000));
      const stream = createReadStream(file, { follow: true, overflow: 'strict', slots: 1, slotSize: 10, end: 999 });
      await until(() => stream.stats().producerWaits > 0);
      let bytes = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) bytes += chunk.length;
      assert.equal(bytes, 1000);
    });

    it('is not a file that was moved away and back, nor one that is no regular file', async () => {
      const file = folder.write('back', 'first');
      const { text, stream } = new Follower(file);
      await text.reach('first');
      fs.renameSync(file, `${file}.1`);
      fs.renameSync(`${file}.1`, file);
      fs.renameSync(file, `${file}.1`);
      fs.mkdirSync(file);
      fs.rmdirSync(file);
      execFileSync('mkfifo', [file]);
      fs.renameSync(file, `${file}.fifo`);
      fs.writeFileSync(file, 'second');
      await text.reach('firstsecond');
      assert.equal(stream.stats().lostFiles, 0);
      await text.close();
    });
  });

  describeWithPackages({ gcc: 'cc' })(`${ROTATIONS} rotations back to back`, () => {
    const folder = temporaryFolder();
    let program = '';

    before(() => {
      program = folder.path('back-to-back');
      const source = path.join(__dirname, '..', '..', '..', 'test', 'follow', 'fixtures', 'back-to-back.c');
      execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', program, source]);
    });

    async function rotate(file: string, style: string, rotations = ROTATIONS, pause = 0): Promise<void> {
      await promisify(execFile)(program, [file, style, String(rotations), String(pause)]);
    }

    function firstFile(name: string, style: string): string {
      if (style !== 'symlink-swap') return folder.write(name, contentOf(0));
      fs.symlinkSync(folder.write(`${name}.0`, contentOf(0)), folder.path(name));
      return folder.path(name);
    }

    for (const [style, all] of Object.entries(styles)) {
      for (const pause of [0, 200]) {
        const pace = pause === 0 ? '' : `, ${pause} microseconds apart`;
        it(`by ${style}${pace}: ${all ? 'nothing is lost' : 'what is not there was counted'}`, async function () {
          const file = firstFile(`${style}-${pause}`, style);
          const follower = new Follower(file);
          const { stream, gaps, text } = follower;
          await text.reach(contentOf(0));
          await rotate(file, style, ROTATIONS, pause);
          await until(() => follower.files().length + stream.stats().lostFiles > ROTATIONS);
          // One more, at ease: nothing is counted twice, and all has been told by then.
          fs.renameSync(file, `${file}.last`);
          fs.writeFileSync(file, contentOf(ROTATIONS + 1));
          await until(() => text.all.endsWith(contentOf(ROTATIONS + 1)));
          const delivered = follower.files().length;
          const { lostFiles, droppedBytes } = stream.stats();
          assert.equal(delivered + lostFiles, ROTATIONS + 2);
          assert.equal(droppedBytes, 0);
          assert.equal(
            gaps.reduce((sum, gap) => sum + (gap.files ?? 0), 0),
            lostFiles,
          );
          if (all) assert.equal(lostFiles, 0);
          if (this.test) this.test.title += ` [${lostFiles} lost]`;
          await text.close();
        });
      }
    }

    it('by copytruncate: what comes is in order, comes once, and no more is counted than was written', async function () {
      const file = firstFile('copytruncate', 'copytruncate');
      const follower = new Follower(file);
      const { stream, text } = follower;
      await text.reach(contentOf(0));
      await rotate(file, 'copytruncate');
      // The last one stays.
      await until(() => text.all.endsWith(contentOf(ROTATIONS)));
      const delivered = follower.files();
      const written = Array.from({ length: ROTATIONS + 1 }, (_, number) => contentOf(number).length);
      const missing = written.reduce((sum, length, number) => sum + (delivered.includes(number) ? 0 : length), 0);
      const { droppedBytes, lostFiles } = stream.stats();
      assert.ok(droppedBytes <= missing, `${droppedBytes} <= ${missing}`);
      assert.equal(lostFiles, 0);
      if (this.test) this.test.title += ` [${ROTATIONS + 1 - delivered.length} missing]`;
      await text.close();
    });

    it('by exchange, of the same two files: each is read on where it was left', async () => {
      const [file, other] = [folder.write('swapped', '1'), folder.write('swapped.next', '2')];
      const { text, stream } = new Follower(file);
      await text.reach('1');
      let expected = '1';
      for (let number = 2; number < 20; number++) {
        await rotate(file, 'swap', 1);
        if (number > 2) fs.appendFileSync(file, `${number}`);
        expected += `${number}`;
        await text.reach(expected);
      }
      assert.ok(fs.existsSync(other));
      assert.equal(stream.stats().lostFiles, 0);
      await text.close();
    });
  });
}

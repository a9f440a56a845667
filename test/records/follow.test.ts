/** Records of a file that is followed: no line goes on in another file. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createReadStream, type ByteStream, type Gap } from 'slipring';

import { lineOf } from '../follow/helpers/lines';
import { rotate } from '../follow/helpers/rotating';
import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';
import { onLinux } from '../helpers/process';

/** Takes one record after the other, and leaves the stream open. */
async function take(lines: AsyncIterator<string>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) taken.push(((await lines.next()) as IteratorYieldResult<string>).value);
  return taken;
}

// Elsewhere nobody tells us of files that have another name a moment later.
if (onLinux) {
  describe('records of a file that is followed', () => {
    const folder = temporaryFolder();
    let files = 0;

    const makers: Record<string, (file: string) => ByteStream> = {
      'the option': (file) => createReadStream(file, { follow: true, records: 'lines' }),
      'small slots': (file) => createReadStream(file, { follow: true, records: 'lines', slotSize: 64, slots: 2 }),
      'no option': (file) => createReadStream(file, { follow: true }),
    };

    for (const [what, open] of Object.entries(makers)) {
      it(`end where their file does when it is rotated, with ${what}`, async () => {
        for (const rest of ['b', 'b\r', 'b'.repeat(1000)]) {
          const file = folder.write(`log-${files++}`, `a\n${rest}`);
          const stream = open(file);
          const lines = stream.lines();
          assert.deepEqual(await take(lines, 1), ['a']);
          fs.renameSync(file, `${file}.1`);
          fs.writeFileSync(file, 'c\nd\n');
          assert.deepEqual(await take(lines, 3), [rest, 'c', 'd']);
          fs.appendFileSync(file, 'e\n');
          assert.deepEqual(await take(lines, 1), ['e']);
          await lines.return?.();
          await closed(stream);
        }
      });

      it(`go on when more is written to their file, with ${what}`, async () => {
        const file = folder.write(`log-${files++}`, 'a\nb');
        const stream = open(file);
        const lines = stream.lines();
        assert.deepEqual(await take(lines, 1), ['a']);
        fs.appendFileSync(file, 'b\nc');
        assert.deepEqual(await take(lines, 1), ['bb']);
        fs.appendFileSync(file, '\n');
        assert.deepEqual(await take(lines, 1), ['c']);
        await lines.return?.();
        await closed(stream);
      });

      it(`come once and in order while the file is rotated, with ${what}`, async () => {
        const file = folder.write(`log-${files++}`, '');
        const stream = open(file);
        const lines = stream.lines();
        await once(stream, 'ready');
        const rotated = rotate(file, { style: 'chain', lines: 10_000, rotations: 8 });
        for (const [number, line] of (await take(lines, 10_000)).entries()) assert.equal(`${line}\n`, lineOf(number));
        await rotated;
        await lines.return?.();
        await closed(stream);
      });
    }

    it('that have no end in their file are a gap, where they are not lines', async () => {
      const file = folder.write(`log-${files++}`, '\x01a\x05bcd');
      const stream = createReadStream(file, { follow: true, records: { prefix: 'u8' } });
      const events: unknown[] = [];
      stream.on('gap', (gap: Gap) => events.push(gap));
      const records = stream.lines();
      events.push(...(await take(records, 1)));
      fs.renameSync(file, `${file}.1`);
      fs.writeFileSync(file, '\x01e');
      events.push(...(await take(records, 1)));
      await records.return?.();
      await closed(stream);
      const [first, gap, last] = events as [string, Gap, string];
      assert.deepEqual([first, gap.droppedChunks, gap.sequence, last, events.length], ['a', 1, 1, 'e', 3]);
    });
  });
}

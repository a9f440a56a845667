/** Where reading begins: at a position, at the end, before the last lines, and when nothing is there yet. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { createReadStream, type Position, type ReadStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { Text } from './helpers/text';

describe('a stream of a file that begins at a position', () => {
  const folder = temporaryFolder();

  async function rest(file: string, options: ReadStreamOptions): Promise<string> {
    let text = '';
    for await (const chunk of createReadStream(file, options)) text += String(chunk);
    return text;
  }

  async function endOf(file: string): Promise<Position | undefined> {
    for await (const slot of createReadStream(file, { slotSize: 4 }).slots()) return slot.end;
    return undefined;
  }

  it('without `follow` reads on in that file, or fails', async () => {
    const file = folder.write('plain', '0123456789');
    const resume = await endOf(file);
    assert.equal(await rest(file, { resume }), '456789');
    assert.equal(await rest(file, { resume, end: 5 }), '45');
    fs.writeFileSync(file, 'cut');
    await assert.rejects(rest(file, { resume }), { code: 'ERR_SLIPRING_RESUME', reason: 'cut' });
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, '0123456789');
    await assert.rejects(rest(file, { resume }), { code: 'ERR_SLIPRING_RESUME', reason: 'gone' });
  });

  it('begins anew without a position, with what `start` and `lines` say, which do not count with one', async () => {
    const file = folder.write('anew', '0123456789');
    for (const resume of [null, undefined]) assert.equal(await rest(file, { resume, start: 7 }), '789');
    assert.equal(await rest(file, { resume: await endOf(file), start: 7 }), '456789');
    const stream = createReadStream(file, { follow: true, start: 'end', resume: await endOf(file), end: 6 });
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    assert.equal(text, '456');
  });

  it('refuses what is no position', () => {
    const file = '1-2-3-4';
    const refused: [unknown, string][] = [
      ['x', 'ERR_INVALID_ARG_TYPE'],
      [{ offset: 1 }, 'ERR_INVALID_ARG_TYPE'],
      [{ file: 'x', offset: 1 }, 'ERR_INVALID_ARG_VALUE'],
      [{ file: '1-2-3-4-5', offset: 1 }, 'ERR_INVALID_ARG_VALUE'],
      [{ file }, 'ERR_INVALID_ARG_TYPE'],
      [{ file, offset: '1' }, 'ERR_INVALID_ARG_TYPE'],
      [{ file, offset: -1 }, 'ERR_OUT_OF_RANGE'],
      [{ file, offset: 0.5 }, 'ERR_OUT_OF_RANGE'],
      [{ file, offset: 1, check: 2 * 2 ** 32 }, 'ERR_OUT_OF_RANGE'],
      [{ file, offset: 100, check: 65 * 2 ** 32 }, 'ERR_OUT_OF_RANGE'],
      [{ file, offset: 1, check: null }, 'ERR_INVALID_ARG_TYPE'],
      [{ file, offset: 1, modified: NaN }, 'ERR_OUT_OF_RANGE'],
      [{ file, offset: 1, modified: 'x' }, 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [resume, code] of refused) {
      assert.throws(() => createReadStream('x', { resume: resume as Position }), { code });
    }
    const resume = { file, offset: 10 };
    assert.throws(() => createReadStream('x', { resume, end: 9 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => createReadStream('x', { resume, fd: 0 }), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => createReadStream('x', { onLost: 'x' as 'gap' }), { code: 'ERR_INVALID_ARG_VALUE' });
  });
});

describe('a file that is followed from its end', () => {
  const folder = temporaryFolder();
  const follow = (file: string, options: ReadStreamOptions): Text =>
    new Text(createReadStream(file, { ...options, follow: true }));

  /** What is there of it already, when something is appended. */
  async function last(content: string, options: ReadStreamOptions): Promise<string> {
    const file = folder.write('last', content);
    const text = follow(file, options);
    await once(text.stream, 'ready');
    fs.appendFileSync(file, '!');
    while (!text.all.endsWith('!')) await once(text.stream, 'data');
    await text.close();
    return text.all.slice(0, -1);
  }

  it("gives only what comes from now on with `start: 'end'`", async () => {
    assert.equal(await last('what was\n', { start: 'end' }), '');
    assert.equal(await last('what was', { lines: 0 }), '');
    assert.equal(await last('', { start: 'end' }), '');
  });

  it('gives so many lines before, as tail does, or all there are', async () => {
    assert.equal(await last('1\n2\n3\n', { lines: 1 }), '3\n');
    assert.equal(await last('1\n2\n3', { lines: 1 }), '3');
    assert.equal(await last('1\n2\n3', { lines: 2, start: 'end' }), '2\n3');
    assert.equal(await last('1\n\n\n', { lines: 2 }), '\n\n');
    for (const lines of [3, 4, 1e6]) assert.equal(await last('1\n2\n3\n', { lines }), '1\n2\n3\n');
    assert.equal(await last('', { lines: 5 }), '');
    assert.equal(await last('\n', { lines: 1 }), '\n');
  });

  it('finds lines that are longer than what is read at once', async () => {
    for (const length of [16_383, 16_384, 16_385, 100_000]) {
      const line = `${'x'.repeat(length)}\n`;
      assert.equal(await last(line.repeat(3), { lines: 2 }), line.repeat(2));
      assert.equal(await last(`a\n${line}b\n`, { lines: 2 }), `${line}b\n`);
    }
  });

  it('reads later files from their start', async () => {
    const file = folder.write('rotated', '1\n2\n');
    const text = follow(file, { lines: 1 });
    await text.reach('2\n');
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, '3\n4\n');
    await text.reach('2\n3\n4\n');
    await text.close();
  });

  it('has records only of what comes then', async () => {
    const file = folder.write('records', 'one\ntwo\n');
    const lines = createReadStream(file, { follow: true, records: 'lines', lines: 1 }).lines();
    assert.deepEqual(await lines.next(), { value: 'two', done: false });
    await lines.return?.();
  });

  it('may be a descriptor', async () => {
    const fd = fs.openSync(folder.write('descriptor', '1\n2\n'), 'r');
    const text = new Text(createReadStream('', { fd, follow: true, lines: 1 }));
    await text.reach('2\n');
    await text.close();
  });

  it('refuses what makes no sense', () => {
    const refused: [ReadStreamOptions, string][] = [
      [{ start: 'end' }, 'ERR_INVALID_ARG_VALUE'],
      [{ lines: 1 }, 'ERR_INVALID_ARG_VALUE'],
      [{ follow: true, lines: -1 }, 'ERR_OUT_OF_RANGE'],
      [{ follow: true, lines: 1.5 }, 'ERR_OUT_OF_RANGE'],
      [{ follow: true, lines: '1' as unknown as number }, 'ERR_INVALID_ARG_TYPE'],
      [{ follow: true, lines: 1, start: 0 }, 'ERR_INVALID_ARG_VALUE'],
      [{ follow: true, lines: 1, end: 5 }, 'ERR_INVALID_ARG_VALUE'],
      [{ follow: true, start: 'begin' as 'end' }, 'ERR_INVALID_ARG_TYPE'],
      [{ waitForFile: true }, 'ERR_INVALID_ARG_VALUE'],
      [{ follow: true, fd: 0, waitForFile: true }, 'ERR_INVALID_ARG_VALUE'],
      [{ follow: true, waitForFile: 1 as unknown as boolean }, 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [options, code] of refused) assert.throws(() => createReadStream('x', options), { code });
  });
});

describe('a file that is waited for', () => {
  const folder = temporaryFolder();
  const wait = (file: string, options: ReadStreamOptions = {}): Text =>
    new Text(createReadStream(file, { ...options, follow: true, waitForFile: true }));

  it('is read from its start when it comes, and its descriptor keeps its number', async () => {
    const file = folder.path('later');
    const stream = createReadStream(file, { follow: true, waitForFile: true });
    const text = new Text(stream);
    const [fd] = (await once(stream, 'open')) as [number];
    fs.writeFileSync(file, 'here');
    await text.reach('here');
    assert.equal(stream.fd, fd);
    assert.equal(stream.stats().lostFiles, 0);
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, ' and there');
    await text.reach('here and there');
    await text.close();
  });

  it('may come by a rename, in a folder that comes later, too', async () => {
    const inside = path.join(folder.path('new'), 'deeper', 'log');
    const text = wait(inside);
    await once(text.stream, 'open');
    fs.mkdirSync(path.dirname(inside), { recursive: true });
    fs.writeFileSync(`${inside}.tmp`, 'renamed');
    fs.renameSync(`${inside}.tmp`, inside);
    await text.reach('renamed');
    fs.appendFileSync(inside, ', more');
    await text.reach('renamed, more');
    await text.close();
  });

  it('begins where `start` says, and is all new with `lines`', async () => {
    for (const [options, expected] of [
      [{ start: 4 }, 'two\n'],
      [{ start: 'end' }, 'one\ntwo\n'],
      [{ lines: 1 }, 'one\ntwo\n'],
    ] as const) {
      const file = folder.path(`begins-${expected.length}-${JSON.stringify(options).length}`);
      const text = wait(file, options);
      await once(text.stream, 'open');
      fs.writeFileSync(`${file}.tmp`, 'one\ntwo\n');
      fs.renameSync(`${file}.tmp`, file);
      await text.reach(expected);
      await text.close();
    }
  });

  it('is read as without when it is there', async () => {
    const text = wait(folder.write('there', 'here'));
    await text.reach('here');
    await text.close();
  });

  it('can be given up', async () => {
    const text = wait(folder.path('never'));
    await once(text.stream, 'open');
    await text.close();
    assert.equal(text.all, '');
  });
});

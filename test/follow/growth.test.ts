/** A file that grows, shrinks, goes away and comes back under a stream that follows it. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createReadStream, type ReadStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { bytesOf, turn, until } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';
import { Text } from './helpers/text';

describe('a file that is followed', () => {
  const folder = temporaryFolder();

  function follow(file: string, options: ReadStreamOptions = {}): Text {
    return new Text(createReadStream(file, { ...options, follow: true }));
  }

  it('gives what it has, and what is appended, at once, also parts of lines', async () => {
    const file = folder.write('grows', 'old\n');
    const text = follow(file);
    await text.reach('old\n');
    for (const [index, more] of ['a', ' line\n', 'another', '\n'].entries()) {
      fs.appendFileSync(file, more);
      await text.reach(['old\na', 'old\na line\n', 'old\na line\nanother', 'old\na line\nanother\n'][index] as string);
    }
    await text.close();
  });

  it('may be empty at first', async () => {
    const file = folder.write('empty', '');
    const text = follow(file);
    await once(text.stream, 'ready');
    fs.appendFileSync(file, 'something');
    await text.reach('something');
    await text.close();
  });

  it('is read from `start` on, which later files are not', async () => {
    const file = folder.write('start', '0123456789');
    const text = follow(file, { start: 6 });
    await text.reach('6789');
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, 'all of it');
    await text.reach('6789all of it');
    await text.close();
  });

  it('may begin behind its end', async () => {
    const file = folder.write('behind', '0123');
    const text = follow(file, { start: 4 });
    await once(text.stream, 'ready');
    fs.appendFileSync(file, '4567');
    await text.reach('4567');
    await text.close();
  });

  it('ends after `end`, which counts the bytes of all files', async () => {
    const file = folder.write('end', '01234');
    const stream = createReadStream(file, { follow: true, start: 2, end: 9 });
    const bytes = bytesOf(stream as AsyncIterable<Buffer>);
    await until(() => stream.bytesRead === 3);
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, 'abcdefgh');
    assert.equal((await bytes).toString(), '234abcde');
    assert.equal(stream.bytesRead, 8);
    assert.equal(stream.errored, null);
  });

  it('counts bytesRead on, and keeps the number of its descriptor, over a rotation', async () => {
    const file = folder.write('count', 'first');
    const stream = createReadStream(file, { follow: true });
    const text = new Text(stream);
    await text.reach('first');
    const { fd } = stream;
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, 'second');
    await text.reach('firstsecond');
    assert.equal(stream.bytesRead, 11);
    assert.equal(stream.fd, fd);
    if (!onWindows) assert.equal(fs.fstatSync(fd as number).ino, fs.statSync(file).ino);
    await text.close();
  });

  it('that is cut is read from its start again', async () => {
    const file = folder.write('cut', 'a long beginning');
    const text = follow(file);
    await text.reach('a long beginning');
    fs.truncateSync(file);
    fs.appendFileSync(file, ', short');
    await text.reach('a long beginning, short');
    fs.writeFileSync(file, '!');
    await text.reach('a long beginning, short!');
    await text.close();
  });

  itWhere(!onWindows, 'no file is renamed over an open one there')(
    'that is replaced by a rename is read on in the new one',
    async () => {
      const file = folder.write('over', 'old');
      const text = follow(file);
      await text.reach('old');
      for (const content of [' new', ' newer', ' newest']) {
        folder.write('over.new', content);
        fs.renameSync(`${file}.new`, file);
        await until(() => text.all.endsWith(content));
      }
      assert.equal(text.all, 'old new newer newest');
      await text.close();
    },
  );

  it('that was renamed is read on, until somebody writes to the new one', async () => {
    const file = folder.write('renamed', '1');
    const text = follow(file);
    await text.reach('1');
    fs.renameSync(file, `${file}.1`);
    fs.appendFileSync(`${file}.1`, '2');
    await text.reach('12');
    fs.writeFileSync(file, '');
    fs.appendFileSync(`${file}.1`, '3');
    await text.reach('123');
    fs.appendFileSync(file, '4');
    await text.reach('1234');
    await text.close();
  });

  itWhere(!onWindows, 'an open file keeps its name there')('that was deleted is waited for', async () => {
    const file = folder.write('deleted', 'before');
    const text = follow(file);
    await text.reach('before');
    fs.rmSync(file);
    fs.writeFileSync(file, ' and after');
    await text.reach('before and after');
    await text.close();
  });

  it('that is moved away and back is not read again', async () => {
    const file = folder.write('back', 'once');
    const text = follow(file);
    await text.reach('once');
    fs.renameSync(file, `${file}.1`);
    fs.renameSync(`${file}.1`, file);
    fs.appendFileSync(file, ' only');
    await text.reach('once only');
    await text.close();
  });

  it('is not mistaken for others in its folder', async () => {
    const file = folder.write('others', 'mine');
    const text = follow(file);
    await text.reach('mine');
    for (const other of ['other', 'others.1', 'others1']) folder.write(other, 'not mine');
    fs.renameSync(folder.path('other'), folder.path('others.2'));
    fs.appendFileSync(file, ' too');
    await text.reach('mine too');
    await text.close();
  });

  it('is found again in a folder that took the place of its own', async () => {
    const inside = path.join(folder.path('folder'), 'log');
    fs.mkdirSync(folder.path('folder'));
    fs.writeFileSync(inside, 'here');
    const text = follow(inside);
    await text.reach('here');
    fs.renameSync(folder.path('folder'), folder.path('folder-moved'));
    fs.writeFileSync(path.join(folder.path('folder-moved'), 'not-the-log'), 'not this');
    fs.mkdirSync(folder.path('folder'));
    fs.writeFileSync(inside, ' and there');
    await text.reach('here and there');
    fs.renameSync(inside, `${inside}.1`);
    fs.writeFileSync(inside, ', rotated');
    await text.reach('here and there, rotated');
    await text.close();
  });

  itWhere(!onWindows, 'links need a privilege there')(
    'by a symbolic link is followed in the folder it is in, and when the link changes',
    async () => {
      fs.mkdirSync(folder.path('real'));
      const real = path.join(folder.path('real'), 'log');
      fs.writeFileSync(real, '1');
      const link = folder.path('link');
      fs.symlinkSync('real/log', link);
      const text = follow(link);
      await text.reach('1');
      fs.renameSync(real, `${real}.1`);
      fs.writeFileSync(real, '2');
      await text.reach('12');
      fs.writeFileSync(`${real}-b`, '3');
      fs.symlinkSync('real/log-b', `${link}-new`);
      fs.renameSync(`${link}-new`, link);
      await text.reach('123');
      await text.close();
    },
  );

  // A file that is at its path for a moment only is seen by those who are told of it.
  itWhere(onLinux, 'only Linux tells of each rotation')(
    'twenty times in one folder gives each stream its own',
    async () => {
      const all = Array.from({ length: 20 }, (_, index) => follow(folder.write(`one-of-many-${index}`, `${index}:`)));
      await Promise.all(all.map((text, index) => text.reach(`${index}:`)));
      for (let round = 0; round < 5; round++) {
        for (let index = 0; index < all.length; index++) {
          const file = folder.path(`one-of-many-${index}`);
          fs.renameSync(file, `${file}.${round}`);
          fs.writeFileSync(file, `${round}`);
        }
        await turn();
      }
      await Promise.all(all.map((text, index) => text.reach(`${index}:01234`)));
      await Promise.all(all.map((text) => text.close()));
    },
  );
});

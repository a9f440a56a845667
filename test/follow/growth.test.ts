/** A file that grows, shrinks, goes away and comes back under a stream that follows it. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { createReadStream, type ReadStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { bytesOf, closed, turn, until } from '../helpers/waiting';
import { itWhere, itWithFifos, onWindows } from '../helpers/where';
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

  it('as a descriptor gives what is appended, from its position, and stays open', async () => {
    const file = folder.write('descriptor', '0123');
    const fd = fs.openSync(file, 'r');
    fs.readSync(fd, Buffer.alloc(2));
    const text = new Text(createReadStream('', { fd, follow: true, autoClose: false }));
    await text.reach('23');
    fs.appendFileSync(file, '45');
    await text.reach('2345');
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, 'not this');
    fs.appendFileSync(`${file}.1`, '67');
    await text.reach('234567');
    fs.truncateSync(`${file}.1`);
    fs.appendFileSync(`${file}.1`, '!');
    await text.reach('234567!');
    await text.close();
    fs.fstatSync(fd);
    fs.closeSync(fd);
  });

  it('as a FileHandle is followed, too', async () => {
    const file = folder.write('handle', 'one');
    const handle = await open(file, 'r');
    const text = new Text(createReadStream('', { fd: handle, follow: true }));
    await text.reach('one');
    fs.appendFileSync(file, ' two');
    await text.reach('one two');
    await text.close();
  });

  it('that is missing at the start is ENOENT', async () => {
    const stream = createReadStream(folder.path('missing'), { follow: true });
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.deepEqual([error.code, error.syscall, error.path], ['ENOENT', 'open', folder.path('missing')]);
    await closed(stream);
  });

  it('that `flags` create is followed', async () => {
    const file = folder.path('created');
    const text = follow(file, { flags: 'a+' });
    await once(text.stream, 'ready');
    fs.appendFileSync(file, 'x');
    await text.reach('x');
    await text.close();
  });

  itWithFifos('that is a FIFO ends when its writer leaves, as without', async () => {
    const fifo = folder.fifo();
    const stream = createReadStream(fifo, { follow: true });
    const bytes = bytesOf(stream as AsyncIterable<Buffer>);
    const writer = fs.createWriteStream(fifo);
    writer.end('all');
    assert.equal((await bytes).toString(), 'all');
  });

  itWhere(!onWindows, 'the error is another there')('that is a folder is EISDIR, as without', async () => {
    const stream = createReadStream(folder.path('.'), { follow: true });
    const [error] = (await once(stream.resume(), 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'EISDIR');
  });

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

  it('refuses a `follow` that is no boolean, and to drop anything', () => {
    const create = (options: object) => () => createReadStream('x', options);
    assert.throws(create({ follow: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(create({ follow: null }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(create({ follow: true, overflow: 'drop-oldest' }), { code: 'ERR_INVALID_ARG_VALUE' });
  });
});

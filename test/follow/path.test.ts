/** What a path means that is followed: the same file's name for as long as the stream lives. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';
import { Text } from './helpers/text';

describe('a relative path that is followed', () => {
  const folder = temporaryFolder();
  const home = process.cwd();

  afterEach(() => process.chdir(home));

  function makeFolder(name: string): string {
    fs.mkdirSync(folder.path(name));
    fs.writeFileSync(path.join(folder.path(name), 'log'), `${name}1`);
    return folder.path(name);
  }

  function rotate(file: string, content: string): void {
    fs.renameSync(file, `${file}.old`);
    fs.writeFileSync(file, content);
  }

  it('stays that of the folder where the process was, and `path` what was given', async () => {
    const [here, there] = [makeFolder('a'), makeFolder('b')];
    process.chdir(here);
    const stream = createReadStream('log', { follow: true });
    const text = new Text(stream);
    process.chdir(there);
    await text.reach('a1');
    rotate(path.join(there, 'log'), 'not this');
    rotate(path.join(here, 'log'), 'a2');
    await text.reach('a1a2');
    assert.equal(stream.path, 'log');
    await text.close();
  });

  it('is not made shorter: ".." is the folder above the one that a link leads to', async function () {
    if (onWindows) this.skip();
    fs.mkdirSync(folder.path('deep'));
    fs.symlinkSync(path.join('..', 'c'), path.join(folder.path('deep'), 'link'));
    const inside = makeFolder('c');
    process.chdir(folder.path('deep'));
    const text = new Text(createReadStream(path.join('.', 'link') + '/../c/log', { follow: true }));
    await text.reach('c1');
    process.chdir(home);
    rotate(path.join(inside, 'log'), 'c2');
    await text.reach('c1c2');
    await text.close();
  });

  itWhere(onLinux, 'other file systems know only characters')('may be any bytes, and so may the folder', async () => {
    const name = Buffer.from([0xff, 0x80]);
    const here = Buffer.concat([Buffer.from(folder.path('')), name]);
    const file = Buffer.concat([here, Buffer.from('/'), name]);
    fs.mkdirSync(here);
    fs.writeFileSync(file, '1');
    fs.symlinkSync(here, folder.path('way'));
    process.chdir(folder.path('way'));
    const stream = createReadStream(name, { follow: true });
    const text = new Text(stream);
    process.chdir(home);
    await text.reach('1');
    assert.deepEqual(stream.path, name);
    await text.close();
    fs.rmSync(file);
    fs.rmdirSync(here);
  });

  it('is in the error as it was given; an empty one names no file', async () => {
    process.chdir(makeFolder('d'));
    for (const given of ['missing', '']) {
      const stream = createReadStream(given, { follow: true });
      const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
      assert.deepEqual([error.code, error.syscall, error.path], ['ENOENT', 'open', given]);
      await closed(stream);
    }
  });
});

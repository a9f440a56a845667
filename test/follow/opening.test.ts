/** How a file is opened that is followed: by a path, a descriptor or a handle; and what cannot be followed. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, closed } from '../helpers/waiting';
import { itWhere, itWithFifos, onWindows } from '../helpers/where';
import { Text } from './helpers/text';

describe('a file to follow', () => {
  const folder = temporaryFolder();

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
    const text = new Text(createReadStream(file, { flags: 'a+', follow: true }));
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

  it('refuses a `follow` that is no boolean, and to drop anything', () => {
    const create = (options: object) => () => createReadStream('x', options);
    assert.throws(create({ follow: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(create({ follow: null }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(create({ follow: true, overflow: 'drop-oldest' }), { code: 'ERR_INVALID_ARG_VALUE' });
  });
});

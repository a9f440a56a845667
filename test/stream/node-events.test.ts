/** The events of a file stream, their order, and the properties at each, against those of `fs.createReadStream`. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { temporaryFolder } from '../helpers/files';
import { assertSameAsNode, record, type Create } from '../helpers/twins';
import { closed, turn } from '../helpers/waiting';

describe('the events of a file stream, compared with those of node:fs', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 300_000);
  });

  /** Reads with these options to the end, and returns what happened. */
  async function flow(create: Create, path: unknown, options: object): Promise<unknown[]> {
    const stream = create(path, { highWaterMark: 65_536, ...options });
    const log = record(stream);
    stream.resume();
    await closed(stream);
    return [...log, stream.bytesRead];
  }

  const options = {
    'without options': {},
    'with an encoding': { encoding: 'latin1' },
    'with a start': { start: 100_000 },
    'with an end': { end: 99_999 },
    'with a range': { start: 65_535, end: 65_537 },
    'with one byte': { start: 7, end: 7 },
    'with a start behind the end of the file': { start: 400_000 },
    'with an end behind the end of the file': { end: 400_000 },
    'with autoClose': { autoClose: true },
    'with other flags': { flags: 'r+' },
  };
  for (const [name, value] of Object.entries(options)) {
    it(`are the same ${name}`, () => assertSameAsNode((create) => flow(create, file, value)));
  }

  const failures = {
    'a missing file': { path: 'missing' },
    'a directory': { path: '.' },
    'a file used as a directory': { path: 'file/inside' },
    'a file that is not to be replaced': { path: 'file', flags: 'wx' },
    'a file opened for writing only': { path: 'written', flags: 'w' },
  };
  for (const [name, { path, ...value }] of Object.entries(failures)) {
    it(`are the same for ${name}`, () =>
      assertSameAsNode((create) => flow(create, folder.path(path), { ...value, mode: 0o600 })));
  }

  it('are the same for an empty file', async () => {
    const empty = folder.write('empty', '');
    await assertSameAsNode((create) => flow(create, empty, {}));
  });

  it('are the same when autoClose is false and the file ends, which leaves it open', () =>
    assertSameAsNode(async (create) => {
      const stream = create(file, { autoClose: false });
      const log = record(stream);
      stream.resume();
      await once(stream, 'end');
      await turn();
      const { fd } = stream as unknown as { fd: number };
      assert.ok(fs.fstatSync(fd).isFile());
      stream.destroy();
      await closed(stream);
      assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
      return log;
    }));

  it('are the same without emitClose', () =>
    assertSameAsNode(async (create) => {
      const stream = create(file, { emitClose: false });
      const log = record(stream);
      stream.resume();
      await once(stream, 'end');
      while (!stream.closed) await turn();
      await turn();
      return log;
    }));

  for (const autoClose of [true, false]) {
    it(`are the same for a descriptor with autoClose ${String(autoClose)}`, () =>
      assertSameAsNode(async (create) => {
        const fd = fs.openSync(file, 'r');
        const stream = create(null, { fd, autoClose });
        const log = record(stream);
        stream.resume();
        await once(stream, autoClose ? 'close' : 'end');
        if (!autoClose) fs.closeSync(fd);
        else assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
        return log;
      }));

    it(`are the same for a FileHandle with autoClose ${String(autoClose)}`, () =>
      assertSameAsNode(async (create) => {
        const handle = await open(file);
        const stream = create(null, { fd: handle, autoClose });
        const log = record(stream);
        stream.resume();
        await once(stream, autoClose ? 'close' : 'end');
        log.push(handle.fd === -1);
        if (!autoClose) await handle.close();
        await closed(stream);
        return log;
      }));
  }

  it('are the same when the FileHandle is closed while the stream reads from it', () =>
    assertSameAsNode(async (create) => {
      const handle = await open(file);
      const stream = create(null, { fd: handle, highWaterMark: 1000 });
      const log = record(stream);
      await once(stream, 'data');
      stream.pause();
      await handle.close();
      await closed(stream);
      return log;
    }));

  it('are the same for pipe()', () =>
    assertSameAsNode(async (create) => {
      const stream = create(file, { highWaterMark: 65_536 });
      const log = record(stream);
      stream.pipe(new PassThrough({ highWaterMark: 1_000_000 }).resume());
      await closed(stream);
      return log.filter((entry) => !['pause', 'resume'].includes((entry as { event: string }).event));
    }));

  it('are the same for a pipeline that fails', () =>
    assertSameAsNode(async (create) => {
      const stream = create(file);
      const log = record(stream);
      const failing = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('enough')) });
      const reason: unknown = await pipeline(stream, failing).catch((error: unknown) => error);
      await closed(stream);
      return [(reason as Error).name, log.filter((entry) => (entry as { event: string }).event === 'close').length];
    }));
});

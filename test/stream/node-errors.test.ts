/** System errors, with the code, errno, syscall and path that `fs.createReadStream` would give. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { finished } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { getSystemErrorMap } from 'node:util';

import { temporaryFolder, withoutPrivileges } from '../helpers/files';
import { assertSameAsNode, describeError, ours, type Create } from '../helpers/twins';
import { closed, turn, until } from '../helpers/waiting';
import { itWhere, itWithFifos, onWindows } from '../helpers/where';

describe('the system errors of a file stream, compared with those of node:fs', () => {
  const folder = temporaryFolder();

  async function failure(create: Create, path: unknown, options?: object): Promise<Record<string, unknown>> {
    const stream = create(path, options);
    const error: unknown = await new Promise((resolve) => stream.once('error', resolve).resume());
    await closed(stream);
    assert.equal(stream.errored, error);
    return describeError(error);
  }

  it('are the same for a path that does not exist: ENOENT', async () => {
    const path = folder.path('missing');
    for (const given of [path, Buffer.from(path), pathToFileURL(path)]) {
      const { code, syscall } = await assertSameAsNode((create) => failure(create, given));
      assert.deepEqual({ code, syscall }, { code: 'ENOENT', syscall: 'open' });
    }
  });

  it('are the same for a directory: EISDIR, from reading', async () => {
    const { code, syscall } = await assertSameAsNode((create) => failure(create, folder.path('.')));
    assert.deepEqual({ code, syscall }, { code: 'EISDIR', syscall: 'read' });
  });

  it('are the same for a directory opened for writing: EISDIR', async () => {
    const { code, syscall } = await assertSameAsNode((create) => failure(create, folder.path('.'), { flags: 'r+' }));
    assert.deepEqual({ code, syscall }, { code: 'EISDIR', syscall: onWindows ? 'read' : 'open' });
  });

  itWhere(!onWindows, 'chmod() takes no permission there')('are the same without permission: EACCES', async () => {
    const path = folder.write('secret', 'x');
    fs.chmodSync(path, 0);
    fs.chmodSync(folder.path('.'), 0o755);
    await withoutPrivileges(async () => {
      const { code, syscall } = await assertSameAsNode((create) => failure(create, path));
      assert.deepEqual({ code, syscall }, { code: 'EACCES', syscall: 'open' });
    });
  });

  it('are the same for a file that must not exist: EEXIST', async () => {
    const path = folder.write('there', 'x');
    const { code } = await assertSameAsNode((create) => failure(create, path, { flags: 'ax' }));
    assert.equal(code, 'EEXIST');
  });

  itWhere(!onWindows, 'links need a privilege there')(
    'are the same for symbolic links in a circle: ELOOP',
    async () => {
      fs.symlinkSync('circle', folder.path('circle'));
      const { code } = await assertSameAsNode((create) => failure(create, folder.path('circle')));
      assert.equal(code, 'ELOOP');
    },
  );

  it('are the same for a name that is too long', async () => {
    const { code } = await assertSameAsNode((create) => failure(create, folder.path('x'.repeat(300))));
    assert.equal(code, onWindows ? 'ENOENT' : 'ENAMETOOLONG');
  });

  it('are the same for a file that was opened for writing: EBADF', async () => {
    const { code, syscall } = await assertSameAsNode((create) => failure(create, folder.path('new'), { flags: 'w' }));
    assert.deepEqual({ code, syscall }, { code: 'EBADF', syscall: 'read' });
  });

  it('are EBADF from reading for a descriptor that is not open, where Node may say that closing it failed', async () => {
    const { code, errno, syscall } = await failure(ours, null, { fd: 1_000_000 });
    const [number] = [...getSystemErrorMap()].find(([, [name]]) => name === 'EBADF') ?? [];
    assert.deepEqual({ code, errno, syscall }, { code: 'EBADF', errno: number, syscall: 'read' });
  });

  it('are the same for a descriptor that was opened for writing: EBADF', async () => {
    const path = folder.path('written');
    const { code } = await assertSameAsNode((create) => failure(create, null, { fd: fs.openSync(path, 'w') }));
    assert.equal(code, 'EBADF');
  });

  itWithFifos('are the same for a range of a FIFO, which has no positions: ESPIPE', async () => {
    const path = folder.fifo();
    const writer = fs.openSync(path, 'r+');
    fs.writeSync(writer, 'something');
    const { code, syscall } = await assertSameAsNode((create) => failure(create, path, { start: 1 }));
    assert.deepEqual({ code, syscall }, { code: 'ESPIPE', syscall: 'read' });
    fs.closeSync(writer);
  });

  it('come once and leave the stream undestroyed when autoClose is false', async () => {
    for (const path of [folder.path('missing'), folder.path('.')]) {
      const [errors, destroyed] = await assertSameAsNode(async (create) => {
        const stream = create(path, { autoClose: false });
        const seen: unknown[] = [];
        stream.on('error', (error) => seen.push(describeError(error)));
        stream.resume();
        await until(() => seen.length > 0);
        for (let turns = 0; turns < 20; turns++) await turn();
        const before = stream.destroyed;
        await closed(stream.destroy());
        return [seen, before, stream.destroyed] as const;
      });
      assert.equal(errors.length, 1);
      assert.equal(destroyed, false);
    }
  });

  it('are the only ones, and known to whoever comes later, when autoClose is false', async () => {
    for (const path of [folder.path('missing'), folder.path('.')]) {
      const [events] = await assertSameAsNode(async (create) => {
        const stream = create(path, { autoClose: false }).resume();
        const seen: unknown[] = [];
        stream.on('error', (error) => seen.push(describeError(error)));
        await until(() => seen.length > 0);
        const told: unknown[] = [];
        finished(stream, (error) => told.push(describeError(error)));
        await assert.rejects(stream[Symbol.asyncIterator]().next(), (error) => told.push(describeError(error)) > 0);
        await closed(stream.destroy(new Error('a second one')));
        return [seen, told, describeError(stream.errored), stream.readable, stream.readableAborted] as const;
      });
      assert.equal(events.length, 1);
    }
  });
});

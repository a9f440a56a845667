/** Files that are not plain, or not at rest: empty, growing, shrinking, replaced, made by the kernel. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { onLinux } from '../helpers/process';
import { bytesOf, closed, parked } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';

function contentOf(path: string, options = {}): Promise<Buffer> {
  return bytesOf(createReadStream(path, options) as AsyncIterable<Buffer>);
}

describe('an odd file', () => {
  const folder = temporaryFolder();

  it("that is empty ends at once, without 'data'", async () => {
    const stream = createReadStream(folder.write('empty', ''));
    let ended = 0;
    stream.on('data', () => assert.fail());
    stream.on('end', () => ended++);
    await closed(stream);
    assert.equal(ended, 1);
    assert.equal(stream.stats().chunksProduced, 0);
  });

  it('that grows before its end is reached is read to its new end', async () => {
    const path = folder.fill('growing', 16_000);
    const stream = createReadStream(path, { slots: 2, slotSize: 1000 });
    await parked(stream);
    fs.appendFileSync(path, 'the new end');
    const bytes = await bytesOf(stream as AsyncIterable<Buffer>);
    assert.ok(bytes.equals(fs.readFileSync(path)));
    assert.equal(bytes.length, 16_011);
  });

  it('that shrinks while it is read gives what was read ahead, and ends', async () => {
    const path = folder.fill('shrinking', 16_000);
    const stream = createReadStream(path, { slots: 2, slotSize: 1000 });
    await parked(stream);
    fs.truncateSync(path, 1500);
    const bytes = await bytesOf(stream as AsyncIterable<Buffer>);
    assert.ok(bytes.equals(patternBytes(16_000, 0, 2000)));
  });

  itWhere(!onWindows, 'what is open cannot be replaced there')(
    'that is replaced while it is read stays the file that was opened',
    async () => {
      const path = folder.fill('replaced', 16_000);
      const stream = createReadStream(path, { slots: 2, slotSize: 1000 });
      await parked(stream);
      fs.writeFileSync(`${path}-new`, 'another');
      fs.renameSync(`${path}-new`, path);
      const bytes = await bytesOf(stream as AsyncIterable<Buffer>);
      assert.ok(bytes.equals(patternBytes(16_000, 0, 16_000)));
    },
  );

  it('that is removed while it is read stays readable', async () => {
    const path = folder.fill('removed', 16_000);
    const stream = createReadStream(path, { slots: 2, slotSize: 1000 });
    await parked(stream);
    fs.rmSync(path);
    assert.equal((await bytesOf(stream as AsyncIterable<Buffer>)).length, 16_000);
  });

  it('with holes, and larger than any memory, can be read at its end', async () => {
    const path = folder.write('holes', '');
    fs.truncateSync(path, 2 ** 42);
    const handle = await open(path, 'r+');
    await handle.write(Buffer.from('the end'), 0, 7, 2 ** 42 - 7);
    await handle.close();
    const bytes = await contentOf(path, { start: 2 ** 42 - 10 });
    assert.deepEqual(bytes, Buffer.from('\0\0\0the end'));
  });

  itWhere(!onWindows, 'links need a privilege there')('that is a symbolic link is the file it points to', async () => {
    folder.write('pointed-to', 'content');
    fs.symlinkSync('pointed-to', folder.path('link'));
    assert.equal((await contentOf(folder.path('link'))).toString(), 'content');
  });

  it('is read from the current position of a descriptor, which moves along, when no start is given', async () => {
    const path = folder.fill('position', 10_000);
    const fd = fs.openSync(path, 'r');
    fs.readSync(fd, Buffer.alloc(1000));
    const stream = createReadStream('', { fd, autoClose: false, end: 2999 });
    const bytes = await stream.toArray();
    assert.ok(Buffer.concat(bytes as Buffer[]).equals(patternBytes(10_000, 1000, 3000)));
    const next = Buffer.alloc(10);
    fs.readSync(fd, next);
    assert.ok(next.equals(patternBytes(10_000, 4000, 10)));
    stream.destroy();
    fs.closeSync(fd);
  });

  it('leaves the position of a descriptor alone when a start is given', async () => {
    const path = folder.fill('start', 10_000);
    const fd = fs.openSync(path, 'r');
    const stream = createReadStream('', { fd, autoClose: false, start: 5000 });
    const bytes = Buffer.concat((await stream.toArray()) as Buffer[]);
    assert.ok(bytes.equals(patternBytes(10_000, 5000, 5000)));
    const next = Buffer.alloc(10);
    fs.readSync(fd, next);
    assert.ok(next.equals(patternBytes(10_000, 0, 10)));
    stream.destroy();
    fs.closeSync(fd);
  });

  if (onLinux) {
    it('with a name that is no UTF-8 can be read by a Buffer', async () => {
      const path = Buffer.concat([Buffer.from(folder.path('name-')), Buffer.of(0xff, 0xfe)]);
      fs.writeFileSync(path, 'content');
      const stream = createReadStream(path);
      assert.equal((await bytesOf(stream as AsyncIterable<Buffer>)).toString(), 'content');
      fs.rmSync(path);
    });

    it('in /proc, which says its size is 0, is read to its end', async () => {
      for (const path of ['/proc/version', '/proc/self/cmdline', '/proc/cpuinfo']) {
        assert.equal(fs.statSync(path).size, 0);
        for (const slotSize of [1, 100, 65_536]) {
          const bytes = await contentOf(path, { slots: 2, slotSize });
          // The clock rates in cpuinfo change; its lines do not.
          if (path === '/proc/cpuinfo') assert.match(bytes.toString(), /\n\n$/);
          else assert.ok(bytes.equals(fs.readFileSync(path)));
        }
      }
    });

    it('that is a device without end gives as much as is asked for', async () => {
      const bytes = await contentOf('/dev/zero', { end: 99_999, slotSize: 1000 });
      assert.ok(bytes.equals(Buffer.alloc(100_000)));
      assert.equal((await contentOf('/dev/null')).length, 0);
      assert.notDeepEqual(await contentOf('/dev/urandom', { end: 99 }), await contentOf('/dev/urandom', { end: 99 }));
    });

    it('that is a device without end can be stopped', async () => {
      const stream = createReadStream('/dev/zero');
      await once(stream, 'data');
      await closed(stream.destroy());
      assert.equal(stream.errored, null);
    });
  }
});

/** `cache: false`: what is read, and what stays of it in the system's page cache. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createReadStream, type ReadStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed } from '../helpers/waiting';
import { itWithPackages } from '../helpers/where';

const MIB = 1024 * 1024;
const LENGTH = 40 * MIB;
const TMPFS = 0x01021994;

/** Bytes of the file that are in the page cache. */
function cached(file: string): number {
  return Number(execFileSync('fincore', ['--bytes', '--noheadings', '--output', 'RES', file], { encoding: 'utf8' }));
}

/** Takes the file out of the page cache, as `dd oflag=nocache` does. */
function forget(file: string): void {
  const nothing = [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'];
  execFileSync('dd', nothing);
}

async function readWhole(file: string | null, options?: ReadStreamOptions): Promise<void> {
  const reader = new PatternReader(LENGTH);
  for await (const chunk of createReadStream(file, options)) reader.take(chunk as Buffer);
  reader.assertReached(LENGTH);
}

describe('a file that is read with `cache: false`', () => {
  const folder = temporaryFolder();
  const itOnDisk = (title: string, body: (file: string) => Promise<void>): void => {
    const where = itWithPackages({ 'util-linux': 'fincore' });
    where(title, async function (this: Mocha.Context) {
      // Its files have no other place than the cache.
      if (fs.statfsSync(tmpdir()).type === TMPFS) return this.skip();
      const file = folder.fill('file', LENGTH);
      forget(file);
      assert.equal(cached(file), 0);
      await body(file);
    });
  };

  itOnDisk('is not in the page cache afterwards', async (file) => {
    await readWhole(file, { cache: false });
    assert.equal(cached(file), 0);
  });

  itOnDisk('comes in large chunks, whoever reads it', async (file) => {
    const lengths: number[] = [];
    const stream = createReadStream(file, { cache: false }).on('data', (chunk: Buffer) => lengths.push(chunk.length));
    await closed(stream);
    assert.ok(Math.max(...lengths) > MIB);
  });

  // Perhaps not all of it: a system may take pages back at any time.
  itOnDisk('is there afterwards without the option', async (file) => {
    await readWhole(file);
    assert.ok(cached(file) > 0);
    forget(file);
    await readWhole(file, { cache: true });
    assert.ok(cached(file) > 0);
  });

  itOnDisk('stays there when it was there before', async (file) => {
    await readWhole(file);
    await readWhole(file, { cache: false });
    assert.ok(cached(file) > 0);
  });

  itOnDisk('by a descriptor, which goes on being read as ever', async (file) => {
    const fd = fs.openSync(file, 'r');
    await readWhole(null, { fd, cache: false, autoClose: false });
    assert.equal(cached(file), 0);
    assert.equal(fs.readSync(fd, Buffer.alloc(1), 0, 1, 0), 1);
    assert.notEqual(cached(file), 0);
    fs.closeSync(fd);
  });

  itOnDisk('by a FileHandle', async (file) => {
    await readWhole(null, { fd: await open(file), cache: false });
    assert.equal(cached(file), 0);
  });

  itOnDisk('is not in the page cache when it was followed', async (file) => {
    await readWhole(file, { cache: false, follow: true, end: LENGTH - 1 });
    assert.equal(cached(file), 0);
  });

  itOnDisk('leaves what was read ahead at most when it is destroyed in the middle', async (file) => {
    const stream = createReadStream(file, { cache: false });
    for await (const chunk of stream) if ((chunk as Buffer).length > 64 * 1024) break;
    await closed(stream);
    assert.ok(cached(file) < LENGTH);
  });

  it('is read as without it where nothing can be cached, or all is', async () => {
    const made = ['/proc/version'].filter((file) => fs.existsSync(file));
    for (const file of [...made, folder.write('small', 'x'), folder.write('empty', '')]) {
      const expected = fs.readFileSync(file, 'utf8');
      let text = '';
      for await (const chunk of createReadStream(file, { cache: false, encoding: 'utf8' })) text += String(chunk);
      assert.equal(text, expected, file);
    }
  });
});

/** What can be followed: each row of README's table. */
import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { bytesOf, closed } from '../helpers/waiting';
import { describeWhere, itWhere } from '../helpers/where';
import { Text } from './helpers/text';

const TMPFS = 0x01021994;
const SHARED = '/dev/shm';
const hasTmpfs = fs.existsSync(SHARED) && fs.statfsSync(SHARED).type === TMPFS;

/** Mounts something, out of everybody else's sight, and runs the rest. */
const MOUNTING = ['--mount', 'sh', '-c'];
const mount = (folder: string): string =>
  `mount -t overlay none -o lowerdir=${folder}/lower,upperdir=${folder}/upper,workdir=${folder}/work ${folder}/merged`;

describeWhere(onLinux, 'Linux has them')('what is followed', () => {
  const folder = temporaryFolder();

  /** It grows, is rotated and is cut. */
  async function follow(file: string): Promise<void> {
    const text = new Text(createReadStream(file, { follow: true }));
    await text.reach('1');
    fs.appendFileSync(file, '2');
    await text.reach('12');
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, '3333');
    await text.reach('123333');
    fs.writeFileSync(file, '4');
    await text.reach('1233334');
    await text.close();
  }

  it('may be a file on a disk', async () => {
    await follow(folder.write('disk', '1'));
  });

  itWhere(hasTmpfs, `needs a tmpfs at ${SHARED}`)('may be a file in a tmpfs', async () => {
    const own = fs.mkdtempSync(path.join(SHARED, 'slipring-'));
    try {
      fs.writeFileSync(path.join(own, 'log'), '1');
      await follow(path.join(own, 'log'));
    } finally {
      fs.rmSync(own, { recursive: true });
    }
  });

  it('may be a file of an overlay, also one that is copied up when it is written to', async function () {
    for (const name of ['lower', 'upper', 'work', 'merged']) fs.mkdirSync(folder.path(name));
    const where = folder.path('.').replace(/\/\.?$/, '');
    if (spawnSync('unshare', [...MOUNTING, mount(where)]).status !== 0) return this.skip(); // not permitted here
    fs.writeFileSync(path.join(folder.path('lower'), 'log'), '1');
    const program = path.join(__dirname, 'fixtures', 'overlay.js');
    const words = [...MOUNTING, `${mount(where)} && exec "$0" "$1" "$2"`, process.execPath, program];
    const child = spawn('unshare', [...words, `${where}/merged/log`], { stdio: 'inherit' });
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('may not be a made-up file by a descriptor, which is read as without', async () => {
    const expected = fs.readFileSync('/proc/self/mountinfo');
    const stream = createReadStream('', { fd: fs.openSync('/proc/self/mountinfo', 'r'), follow: true });
    assert.ok((await bytesOf(stream as AsyncIterable<Buffer>)).equals(expected));
  });

  it('may not be a device, which is read as without', async () => {
    const stream = createReadStream('/dev/zero', { follow: true, end: 99 });
    assert.deepEqual(await bytesOf(stream as AsyncIterable<Buffer>), Buffer.alloc(100));
    assert.equal((await bytesOf(createReadStream('/dev/null', { follow: true }) as AsyncIterable<Buffer>)).length, 0);
  });

  it('may not be a socket, which has no content by its path, followed or not', async () => {
    const server = net.createServer();
    await new Promise<void>((listening) => server.listen(folder.path('socket'), listening));
    for (const follow of [false, true]) {
      const stream = createReadStream(folder.path('socket'), { follow });
      const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
      assert.equal(error.code, 'ENXIO');
      await closed(stream);
    }
    server.close();
  });

  it('may be a memory file', async function () {
    const python = 'import os,sys; f=os.memfd_create("log"); os.write(f,b"1"); print(f,flush=True); sys.stdin.read()';
    if (spawnSync('python3', ['--version']).status !== 0) return this.skip(); // apt install python3
    const owner = spawn('python3', ['-c', python], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const file = `/proc/${String(owner.pid)}/fd/${line.toString().trim()}`;
    const text = new Text(createReadStream('', { fd: fs.openSync(file, 'r'), follow: true }));
    await text.reach('1');
    fs.appendFileSync(file, '2');
    await text.reach('12');
    await text.close();
    owner.stdin.end();
    await once(owner, 'exit');
  });
});

/** What signals ask of `slipring copy`. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { temporaryFolder } from '../helpers/files';
import { until } from '../helpers/waiting';
import { describeWhere, itWhere, onWindows } from '../helpers/where';
import { assertDone } from './helpers/command';
import { type Running, shell, start } from './helpers/running';

/** More than two pipes hold, so that some is under way between them; no piece of 1 KiB is shorter. */
const LATELY = 176 * 1024;

/** Whether it has opened the file of that name. What it closes meanwhile is none. */
function hasOpen({ child }: Running, name: string): boolean {
  const folder = `/proc/${child.pid}/fd`;
  return readdirSync(folder).some((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`).endsWith(`/${name}`);
    } catch {
      return false;
    }
  });
}

describeWhere(!onWindows, 'pipes and signals are those of Unix')('slipring copy, when a signal comes', () => {
  const temporary = temporaryFolder();
  let folder = '';
  let bytes = Buffer.alloc(0);

  before(() => {
    folder = temporary.path('.');
    bytes = readFileSync(temporary.fill('source', LATELY));
  });

  const read = (name: string): Buffer => readFileSync(temporary.path(name));

  describe('stopped by SIGINT', () => {
    /** One that has begun, and waits: nobody reads on. */
    async function stalled(): Promise<{ running: Running; reader: FileHandle; writer: FileHandle }> {
      const [from, to] = [temporary.fifo(), temporary.fifo()];
      const running = start(folder, 'copy', from, to);
      const writer = await open(from, 'w');
      const reader = await open(to, 'r');
      await writer.writeFile(bytes.subarray(0, LATELY));
      await reader.read(Buffer.alloc(1));
      await running.interrupt();
      return { running, reader, writer };
    }

    it('writes what it has read, and has exit code 130', async () => {
      const { running, reader, writer } = await stalled();
      const kept = await reader.readFile();
      await reader.close();
      assert.ok(kept.equals(bytes.subarray(1, kept.length + 1)));
      // What is not there may only be in the pipe that it reads from.
      assert.ok(kept.length >= LATELY - 65_536 - 1);
      assert.equal((await running.done).code, 130);
      await writer.close();
    });

    it('writes what waits in the ring, too', async () => {
      const [from, to] = [temporary.fifo(), temporary.fifo()];
      const ring = ['--overflow=drop-newest', '--slots=8', '--slot-size=1K'];
      const running = start(folder, 'copy', from, to, ...ring);
      const writer = await open(from, 'w');
      const reader = await open(to, 'r');
      // Nobody reads what is written: a pipe is full then, and so is the ring.
      await writer.writeFile(bytes.subarray(0, LATELY));
      await reader.read(Buffer.alloc(1));
      while (!/65\.5 kB .*ring [78]\/8/.test(await running.answer())) await writer.writeFile(bytes.subarray(0, 1024));
      await running.interrupt();
      const kept = await reader.readFile();
      await Promise.all([reader.close(), writer.close()]);
      assert.equal((await running.done).code, 3);
      assert.ok(kept.length > 65_536 + 5 * 1024, `${kept.length}`);
    });

    it('is killed by the next one, also while nobody reads what it writes', async () => {
      const { running, reader, writer } = await stalled();
      running.child.kill('SIGINT');
      assert.equal((await running.done).signal, 'SIGINT');
      await Promise.all([writer.close(), reader.close()]);
    });
  });

  itWhere(existsSync('/proc/self/fd'), 'there is no /proc')(
    'is not bothered by SIGUSR1 before there is anything to say',
    async () => {
      const to = temporary.fifo();
      const running = start(folder, 'copy', 'source', to);
      // It has opened the source, and waits for who reads.
      await until(() => hasOpen(running, 'source'));
      running.child.kill('SIGUSR1');
      const reader = await open(to, 'r');
      const kept = await reader.readFile();
      await reader.close();
      assertDone(await running.done);
      assert.ok(kept.equals(bytes));
    },
  );

  it('goes on in a new file at SIGHUP, when somebody has moved the old one away', async () => {
    const running = start(folder, 'copy', '-', 'moved.log');
    running.child.stdin.write('before');
    await until(() => existsSync(temporary.path('moved.log')) && read('moved.log').length > 0);
    await shell(folder, 'mv moved.log moved.log.1');
    running.child.kill('SIGHUP');
    await until(() => existsSync(temporary.path('moved.log')));
    running.child.stdin.end('after');
    assertDone(await running.done);
    assert.equal(read('moved.log.1').toString(), 'before');
    assert.equal(read('moved.log').toString(), 'after');
  });
});

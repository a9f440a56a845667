/** Rule 9: EINTR, short reads and EAGAIN are normal; every other errno is an error that says what it is. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { describeWithPackages } from '../helpers/where';
import type { Came } from './fixtures/read-file';
import { askChild } from './helpers/child';
import { callsIn, strace } from './helpers/strace';

const LENGTH = 1_000_003;
const SLOT_SIZE = 65_536;
// strace costs a process some time.
const times = 5;

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

if (onLinux) {
  describeWithPackages({ strace: 'strace' })('Rule 9: each errno has one outcome', () => {
    const folder = temporaryFolder();

    function read(path: string, injections: string[], options: object = {}): Promise<Came> {
      const args = [path, JSON.stringify({ slotSize: SLOT_SIZE, ...options })];
      return askChild<Came>('read-file', args, { ...strace(path, injections, folder.path('log')), times });
    }

    for (const [call, options] of [
      ['read', {}],
      ['pread64', { start: 3 }],
    ] as const) {
      it(`${call}() is repeated after every second one was interrupted`, async () => {
        const path = folder.fill('bytes', LENGTH);
        const came = await read(path, [`${call}:error=EINTR:when=1+2`], options);
        const bytes = readFileSync(path).subarray('start' in options ? options.start : 0);
        assert.deepEqual(came, { bytes: bytes.length, sha256: sha256(bytes) });
      });
    }

    it('open() is repeated when it was interrupted', async () => {
      const path = folder.fill('bytes', LENGTH);
      const came = await read(path, ['openat:error=EINTR:when=1..3']);
      assert.deepEqual(came, { bytes: LENGTH, sha256: sha256(readFileSync(path)) });
    });

    it('close() is not repeated when it was interrupted', async () => {
      const path = folder.fill('bytes', LENGTH);
      const came = await read(path, ['close:error=EINTR:when=1']);
      assert.deepEqual(came, { bytes: LENGTH, sha256: sha256(readFileSync(path)) });
      assert.equal(callsIn(folder.path('log')).filter(({ call }) => call === 'close').length, 1);
    });

    it('a FIFO whose poll() is interrupted, and whose read() finds nothing after all, loses no byte', async () => {
      const path = folder.fifo();
      const bytes = folder.fill('bytes', LENGTH);
      const writer = spawn('cp', [bytes, path]);
      const injections = ['?poll,?ppoll:error=EINTR:when=1+3', 'read:error=EAGAIN:when=1+2'];
      const came = await read(path, injections);
      assert.deepEqual(came, { bytes: LENGTH, sha256: sha256(readFileSync(bytes)) });
      if (writer.exitCode === null) await once(writer, 'exit');
      assert.equal(writer.exitCode, 0);
    });

    it('a file of the kernel that gives less than was asked for is read to its end', async () => {
      // Its size is said to be 0, and it comes in pieces of a page or less.
      const expected = readFileSync('/proc/kallsyms');
      const came = await askChild<Came>('read-file', ['/proc/kallsyms'], { times });
      assert.deepEqual(came, { bytes: expected.length, sha256: sha256(expected) });
    });

    for (const reads of [1, 2, 5]) {
      it(`EIO at read ${reads} is an error after all that was read before`, async () => {
        const path = folder.fill('bytes', LENGTH);
        const { bytes, error } = await read(path, [`read:error=EIO:when=${reads}`]);
        const errno = -constants.errno.EIO;
        assert.deepEqual([bytes, error], [(reads - 1) * SLOT_SIZE, { code: 'EIO', errno, syscall: 'read' }]);
      });
    }

    for (const code of ['EBADF', 'ENXIO', 'ENOMEM', 'EOVERFLOW'] as const) {
      it(`${code} from read() is an error`, async () => {
        const { error } = await read(folder.fill('bytes', LENGTH), [`read:error=${code}:when=2`]);
        assert.deepEqual(error, { code, errno: -constants.errno[code], syscall: 'read' });
      });
    }

    for (const code of ['EACCES', 'EMFILE', 'ENXIO'] as const) {
      it(`${code} from open() is an error`, async () => {
        const { bytes, error } = await read(folder.fill('bytes', LENGTH), [`openat:error=${code}`]);
        assert.deepEqual([bytes, error], [0, { code, errno: -constants.errno[code], syscall: 'open' }]);
      });
    }
  });
}

/** Errors look like Node's: class, code, name, stack. And those that need a broken machine. */
import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';

function thrownBy(call: () => unknown): NodeJS.ErrnoException {
  try {
    call();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  return assert.fail('it throws');
}

describe('an error', () => {
  const folder = temporaryFolder();

  for (const [code, type, call, node] of [
    [
      'ERR_INVALID_ARG_TYPE',
      TypeError,
      () => createPatternStream({ seed: '1' as never }),
      () => fs.openSync(1 as never, 'r'),
    ],
    ['ERR_INVALID_ARG_VALUE', TypeError, () => createReadStream('a\0'), () => fs.openSync('a\0', 'r')],
    [
      'ERR_OUT_OF_RANGE',
      RangeError,
      () => createPatternStream({ slots: 0 }),
      () => fs.readSync(0, Buffer.of(1), 5, 5, 5),
    ],
  ] as const) {
    it(`with ${code} is of the class that Node's is, and shows its code in the same places`, () => {
      const our = thrownBy(call);
      const their = thrownBy(node);
      assert.equal(their.code, code);
      assert.ok(our instanceof type && their instanceof type);
      assert.deepEqual([our.code, our.name], [their.code, their.name]);
      const head = (error: Error): string | undefined => error.stack?.split(':')[0];
      assert.equal(head(our), head(their));
      assert.deepEqual(Object.keys(our), Object.keys(their));
    });
  }

  it('of the system has the properties of a system error, in a message that names them', async () => {
    const missing = folder.path('missing');
    const errors = await Promise.all(
      [createReadStream(missing), fs.createReadStream(missing)].map(
        (stream) => new Promise<Error>((resolve) => stream.once('error', resolve)),
      ),
    );
    const [our, their] = errors as [Error, Error];
    assert.deepEqual(Object.entries(our), Object.entries(their));
    assert.equal(our.message, their.message);
    assert.equal(Object.prototype.toString.call(our), Object.prototype.toString.call(their));
  });

  if (onLinux) {
    it('is EAGAIN from pthread_create when no thread can be had, and the stream closes', () => {
      const script = `
        const { createPatternStream } = require(process.argv[1]);
        const { execFileSync } = require('node:child_process');
        // Root is not limited. It becomes another user only here: that one may not be able to read the checkout.
        if (process.geteuid() === 0) {
          process.setgid(65534);
          process.setuid(65534);
        }
        // No more threads or processes for this user, from here on.
        execFileSync('prlimit', ['--nproc=1', '--pid', String(process.pid)]);
        const stream = createPatternStream();
        stream.on('error', ({ code, syscall }) => console.log(code, syscall));
        stream.on('close', () => console.log('closed', stream.stats().chunksProduced));`;
      const result = spawnSync(process.execPath, ['-e', script, require.resolve('slipring')], {
        encoding: 'utf8',
      });
      assert.equal(result.stderr, '');
      assert.equal(result.stdout, 'EAGAIN pthread_create\nclosed 0\n');
      assert.equal(result.status, 0);
    });

    it('is ERR_MEMORY_ALLOCATION_FAILED when there is no memory for the slots, and the stream closes', () => {
      const script = `
        require(process.argv[1]).createPatternStream({ slots: 64, slotSize: 2 ** 30 })
          .on('error', ({ name, code, cause }) => console.log(name, code, cause instanceof RangeError))
          .on('close', () => console.log('closed'));`;
      const limited = ['--as=16000000000', process.execPath, '-e', script, require.resolve('slipring')];
      const told = 'RangeError ERR_MEMORY_ALLOCATION_FAILED true\nclosed\n';
      assert.equal(execFileSync('prlimit', limited, { encoding: 'utf8' }), told);
    });

    it('is EMFILE when no descriptor is left', () => {
      const script = `
        const { createReadStream } = require(process.argv[1]);
        const { openSync } = require('node:fs');
        try { for (;;) openSync(process.execPath); } catch {}
        createReadStream(process.execPath)
          .on('error', ({ code, syscall }) => console.log(code, syscall))
          .on('close', () => process.exit());`;
      const limited = [
        '-c',
        'ulimit -n 64; exec "$@"',
        'sh',
        process.execPath,
        '-e',
        script,
        require.resolve('slipring'),
      ];
      assert.equal(execFileSync('sh', limited, { encoding: 'utf8' }), 'EMFILE open\n');
    });
  }
});

/** What only device streams do with FIFOs. What file streams do, too, is in test/stream/fifo.test.ts. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream } from 'slipring';

import { temporaryFolder, withoutPrivileges } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { bytesOf, closed, turn, until } from '../helpers/waiting';
import { describeWithFifos } from '../helpers/where';

describeWithFifos('a device stream of a FIFO', () => {
  const folder = temporaryFolder();

  it('goes on with the next writer when it is persistent, until it is destroyed', async () => {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { persistent: true });
    await once(stream, 'ready');
    for (const text of ['one', 'two', 'three']) {
      fs.writeFileSync(path, text);
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      assert.equal(chunk.toString(), text);
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    await closed(stream.destroy());
    assert.ok(!stream.readableEnded);
  });

  it('needs the permission to write when it is persistent, and fails with EACCES without', async () => {
    const path = folder.fifo();
    fs.chmodSync(path, 0o444);
    fs.chmodSync(folder.path('.'), 0o755);
    await withoutPrivileges(async () => {
      const [error] = (await once(createDeviceStream(path, { persistent: true }), 'error')) as [NodeJS.ErrnoException];
      assert.deepEqual([error.code, error.syscall, error.path], ['EACCES', 'open', path]);
      const stream = createDeviceStream(path);
      await once(stream, 'ready');
      await closed(stream.destroy());
    });
  });

  it('can be given as a descriptor, whose flags stay as they are and which is closed at the end', async () => {
    const path = folder.fifo();
    const keeper = fs.openSync(path, 'r+');
    const fd = fs.openSync(path, 'r');
    const flags = (): string => fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').split('\n')[1] as string;
    const before = flags();
    const stream = createDeviceStream(fd);
    fs.writeSync(keeper, 'abc');
    await once(stream, 'data');
    assert.equal(stream.fd, fd);
    assert.equal(flags(), before);
    await closed(stream.destroy());
    assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
    fs.closeSync(keeper);
  });

  it('does not wait in a read that another reader of the same descriptor was quicker with', async () => {
    const path = folder.fifo();
    const keeper = fs.openSync(path, 'r+');
    const fd = fs.openSync(path, 'r');
    // Each takes what it can get; the descriptor blocks.
    const [ours, theirs] = [createDeviceStream(fd, { autoClose: false }), createDeviceStream(fd, { autoClose: false })];
    let received = 0;
    for (const stream of [ours, theirs]) stream.on('data', (chunk: Buffer) => (received += chunk.length));
    for (let i = 1; i <= 2000; i++) {
      fs.writeSync(keeper, 'x');
      if (i % 10 === 0) await until(() => received === i);
    }
    await Promise.all([closed(ours.destroy()), closed(theirs.destroy())]);
    assert.equal(received, 2000);
    fs.closeSync(fd);
    fs.closeSync(keeper);
  });

  it('can be the standard input, which stays open', async () => {
    const script = `
      const stream = require(process.argv[1]).createDeviceStream(0);
      stream.on('close', () => require('fs').fstatSync(0)).pipe(process.stdout);`;
    const child = spawn(
      'sh',
      ['-c', 'cat | "$0" -e "$1" "$2"', process.execPath, script, require.resolve('slipring')],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const input = patternBytes(3, 0, 300_000);
    child.stdin.end(input);
    const exit = once(child, 'exit') as Promise<[number]>;
    const output = await bytesOf(child.stdout);
    const [code] = await exit;
    assert.equal(code, 0);
    assert.ok(output.equals(input));
  });

  it('gives no slot any memory before there is data', async () => {
    const path = folder.fifo();
    const keeper = fs.openSync(path, 'r+');
    // The memory of other tests: the second collection waits until the first one's has been let go of.
    for (let times = 0; times < 2; times++) globalThis.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    const stream = createDeviceStream(path, { slots: 16, slotSize: 2 ** 20 });
    const chunk = once(stream, 'data') as Promise<[Buffer]>;
    await once(stream, 'ready');
    for (let turns = 0; turns < 20; turns++) await turn();
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
    fs.writeSync(keeper, 'abc');
    assert.equal((await chunk)[0].toString(), 'abc');
    assert.ok(process.memoryUsage().arrayBuffers - before > 15 * 2 ** 20);
    await closed(stream.destroy());
    fs.closeSync(keeper);
  });
});

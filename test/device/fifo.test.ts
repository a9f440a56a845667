/** Device streams of FIFOs: nobody waits for anybody, and every byte comes when it is written. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { bytesOf, closed, turn, until } from '../helpers/waiting';
import { onWindows } from '../helpers/where';
import { makeFifo } from './helpers/endpoints';

const describeHere = onWindows ? describe.skip : describe;

describeHere('a device stream of a FIFO', () => {
  const folder = temporaryFolder();

  it("is open at once without a writer, emits nothing but 'open' and 'ready', and can be destroyed", async () => {
    const stream = createDeviceStream(makeFifo(folder));
    const events: string[] = [];
    for (const event of ['open', 'ready', 'data', 'end', 'error']) stream.on(event, () => events.push(event));
    await once(stream, 'ready');
    for (let turns = 0; turns < 20; turns++) await turn();
    await closed(stream.destroy());
    assert.deepEqual(events, ['open', 'ready']);
    assert.equal(stream.fd, null);
  });

  it('gives what a writer writes when it is written, and ends when the last writer is gone', async () => {
    const path = makeFifo(folder);
    const stream = createDeviceStream(path);
    await once(stream, 'ready');
    const writers = [fs.openSync(path, 'w'), fs.openSync(path, 'w')] as const;
    const chunks: string[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    for (const [i, text] of ['one', 'two', 'three'].entries()) {
      fs.writeSync(writers[i % 2 === 0 ? 0 : 1], text);
      await once(stream, 'data');
    }
    fs.closeSync(writers[0]);
    for (let turns = 0; turns < 20; turns++) await turn();
    assert.ok(!stream.readableEnded);
    fs.closeSync(writers[1]);
    await closed(stream);
    assert.deepEqual(chunks, ['one', 'two', 'three']);
    assert.ok(stream.readableEnded);
    assert.equal(stream.bytesRead, 11);
  });

  it('ends when a writer came and went without a word', async () => {
    const path = makeFifo(folder);
    const stream = createDeviceStream(path);
    await once(stream, 'ready');
    fs.closeSync(fs.openSync(path, 'w'));
    assert.equal((await bytesOf(stream)).length, 0);
  });

  it('goes on with the next writer when it is persistent, until it is destroyed', async () => {
    const path = makeFifo(folder);
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

  for (const slotSize of [undefined, 3000]) {
    it(`carries a lot of bytes in order with slots of ${slotSize ?? 'no particular'} size`, async () => {
      const path = makeFifo(folder);
      const stream = createDeviceStream(path, { slotSize });
      const expected = patternBytes(1, 0, 5_000_000);
      fs.createWriteStream(path).end(expected);
      assert.ok((await bytesOf(stream)).equals(expected));
    });
  }

  it('keeps what was written while the consumer is slow, and lets the writer wait', async () => {
    const path = makeFifo(folder);
    const stream = createDeviceStream(path, { slots: 1, slotSize: 4096 });
    await once(stream, 'ready');
    const writer = fs.createWriteStream(path);
    let written = false;
    writer.write(patternBytes(1, 0, 500_000), () => (written = true));
    await until(() => stream.stats().producerWaits > 0 || stream.stats().slotsReady > 0);
    for (let turns = 0; turns < 50; turns++) await turn();
    assert.ok(!written);
    writer.end();
    assert.ok((await bytesOf(stream)).equals(patternBytes(1, 0, 500_000)));
    assert.ok(written);
  });

  it('can be given as a descriptor, whose flags stay as they are and which is closed at the end', async () => {
    const path = makeFifo(folder);
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
    const path = makeFifo(folder);
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
    const path = makeFifo(folder);
    const keeper = fs.openSync(path, 'r+');
    globalThis.gc?.(); // memory of other tests
    const before = process.memoryUsage().arrayBuffers;
    const stream = createDeviceStream(path, { slots: 16, slotSize: 2 ** 20 });
    const chunk = once(stream, 'data') as Promise<[Buffer]>;
    await once(stream, 'ready');
    for (let turns = 0; turns < 20; turns++) await turn();
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
    fs.writeSync(keeper, 'abc');
    assert.equal((await chunk)[0].toString(), 'abc');
    assert.ok(process.memoryUsage().arrayBuffers - before >= 16 * 2 ** 20);
    await closed(stream.destroy());
    fs.closeSync(keeper);
  });
});

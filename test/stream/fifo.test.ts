/** FIFOs: a stream of what others write, which never blocks anybody, whichever function makes it. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { bytesOf, closed, turn, until } from '../helpers/waiting';
import { describeWithFifos, itWithFifos } from '../helpers/where';

for (const create of [createReadStream, createDeviceStream]) {
  describeWithFifos(`a FIFO that ${create.name}() reads`, () => {
    const folder = temporaryFolder();

    it("is open at once without a writer, emits nothing but 'open' and 'ready', and can be destroyed", async () => {
      const stream = create(folder.fifo());
      const events: string[] = [];
      for (const event of ['open', 'ready', 'data', 'end', 'error']) stream.on(event, () => events.push(event));
      await once(stream, 'ready');
      for (let turns = 0; turns < 20; turns++) await turn();
      await closed(stream.destroy());
      assert.deepEqual(events, ['open', 'ready']);
      assert.equal(stream.fd, null);
    });

    it('gives what a writer writes when it is written, and ends when the last writer is gone', async () => {
      const path = folder.fifo();
      const stream = create(path);
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
      const path = folder.fifo();
      const stream = create(path);
      await once(stream, 'ready');
      fs.closeSync(fs.openSync(path, 'w'));
      assert.equal((await bytesOf(stream)).length, 0);
    });

    for (const [slots, options] of Object.entries({
      'slots of the default size': {},
      'slots of 3000 bytes': { slotSize: 3000 },
      'two slots of 3000 bytes': { slotSize: 3000, slots: 2 },
    })) {
      it(`carries a lot of bytes in order with ${slots}`, async () => {
        const path = folder.fifo();
        const stream = create(path, options);
        const expected = patternBytes(1, 0, 5_000_000);
        fs.createWriteStream(path).end(expected);
        assert.ok((await bytesOf(stream)).equals(expected));
      });
    }

    it('keeps what was written while the consumer is slow, and lets the writer wait', async () => {
      const path = folder.fifo();
      const stream = create(path, { slots: 1, slotSize: 4096 });
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
  });
}

describe('createReadStream()', () => {
  const folder = temporaryFolder();

  itWithFifos('gives what a FIFO has up to its end option, and leaves the rest', async () => {
    const path = folder.fifo();
    const keeper = fs.openSync(path, 'r+');
    fs.writeSync(keeper, 'abcdefgh');
    const bytes = await bytesOf(createReadStream(path, { end: 2, slotSize: 2 }));
    assert.equal(bytes.toString(), 'abc');
    fs.closeSync(keeper);
  });

  it('can read the standard input', () => {
    const script = `require(process.argv[1]).createReadStream('', { fd: 0 }).pipe(process.stdout)`;
    const input = patternBytes(3, 0, 300_000);
    const { status, stdout } = spawnSync(process.execPath, ['-e', script, require.resolve('slipring')], {
      input,
      maxBuffer: 1_000_000,
    });
    assert.equal(status, 0);
    assert.ok(stdout.equals(input));
  });
});

/** Plugins that push from threads of their own. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPluginStream, type Gap, type PluginStream, type PluginStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, until } from '../helpers/waiting';
import { compile, describeWithCompiler } from './helpers/library';

const WORD = 8;

describeWithCompiler('a plugin that pushes', () => {
  const folder = temporaryFolder();
  let waits: string;
  let tries: string;
  let chunks: string;
  before(() => {
    waits = compile(folder, 'push');
    tries = compile(folder, 'push', '-DTRY');
    chunks = compile(folder, 'push', '-DCHUNKS');
  });

  const open = (library: string, count: number, size: number, options: PluginStreamOptions = {}): PluginStream =>
    createPluginStream(library, { config: { count, size }, ...options });

  /** The words of what the stream gives count on; what is missing is where a gap says so. Returns how many came. */
  async function assertCountsOn(stream: PluginStream): Promise<number> {
    let next = 0n;
    let received = 0;
    stream.on('gap', ({ droppedBytes }: Gap) => (next += BigInt(droppedBytes / WORD)));
    for await (const { data } of stream.slots()) {
      const words = new BigUint64Array(data.buffer as ArrayBuffer, data.byteOffset, data.length / WORD);
      for (const word of words) if (word !== next++) assert.fail(`${word} came instead of ${next - 1n}`);
      received += data.length;
    }
    return received;
  }

  for (const [size, count] of [
    [8, 200_000],
    [64, 200_000],
    [1000, 20_000],
    [65_536, 1000],
  ] as const) {
    it(`loses nothing of ${count} pieces of ${size} bytes, and their order neither`, async () => {
      const stream = open(waits, count, size);
      assert.equal(await assertCountsOn(stream), count * size);
      assert.equal(stream.stats().bytesProduced, count * size);
      assert.equal(stream.stats().droppedChunks, 0);
    });
  }

  it('has pieces put together into chunks, which do not exceed a slot', async () => {
    const stream = open(waits, 100_000, 64, { slotSize: 1000 });
    const lengths = new Set<number>();
    for await (const { data } of stream.slots()) lengths.add(data.length);
    assert.equal(Math.max(...lengths), 15 * 64);
    assert.ok(stream.stats().chunksDelivered < 100_000 / 4, String(stream.stats().chunksDelivered));
  });

  it('has chunks of its own where it says something of them', async () => {
    let number = 0n;
    for await (const slot of open(chunks, 1000, 64).slots()) {
      assert.equal(slot.data.length, 64);
      assert.deepEqual([slot.user, slot.timestamp, slot.sequence], [number, 1000n + number, Number(number)]);
      number++;
    }
    assert.equal(number, 1000n);
  });

  it('waits while the consumer does not read, and is told when there is room', async () => {
    const stream = open(waits, 10_000, 1000, { slots: 2, slotSize: 2000 });
    await until(() => stream.stats().producerWaits > 0);
    assert.equal(await assertCountsOn(stream), 10_000 * 1000);
  });

  it('that tries instead of waiting knows of every piece that had no room, and so does the consumer', async () => {
    const count = 100_000;
    const size = 64;
    const stream = open(tries, count, size, { slots: 2, slotSize: 1024 });
    let gaps = 0;
    stream.on('gap', ({ droppedChunks }: Gap) => (gaps += droppedChunks as number));
    // Nobody reads until all has been tried: the ring holds far less.
    await until(() => stream.stats().producerWaits > 0);
    const failed = await assert.rejects(assertCountsOn(stream), { code: 'EBUSY' }).then(() => gaps);
    const { droppedChunks, droppedBytes, bytesDelivered, bytesProduced } = stream.stats();
    assert.ok(failed > 0);
    assert.deepEqual([droppedChunks, droppedBytes], [failed, failed * size]);
    assert.equal(bytesDelivered + droppedBytes, count * size);
    assert.equal(bytesProduced, count * size);
    assert.equal(stream.errored?.message.endsWith(`: ${failed}`), true);
  });

  for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
    it(`with ${overflow} is not held up by a consumer that is, who learns what is missing`, async () => {
      const count = 100_000;
      const stream = open(waits, count, 64, { overflow, slots: 2, slotSize: 1024 });
      await until(() => stream.stats().bytesProduced === count * 64);
      const received = await assertCountsOn(stream);
      assert.equal(received + stream.stats().droppedBytes, count * 64);
      assert.ok(received <= 2 * 1024, String(received));
    });
  }

  it('with strict ends with ERR_SLIPRING_OVERFLOW, after what came before', async () => {
    const stream = open(waits, 100_000, 64, { overflow: 'strict', slots: 2, slotSize: 1024 });
    await until(() => stream.stats().slotsReady === 2);
    await assert.rejects(assertCountsOn(stream), { code: 'ERR_SLIPRING_OVERFLOW' });
    assert.ok(stream.stats().bytesDelivered > 0);
  });

  it('fails with its own words, after what came before', async () => {
    const stream = open(tries, 10, 64);
    await assert.rejects(assertCountsOn(stream), { code: 'EBUSY', errno: -16 });
    assert.equal(stream.stats().bytesDelivered, 640);
  });

  it('can be destroyed at any moment', async () => {
    for (let read = 0; read < 50; read++) {
      const stream = open(waits, 1e9, 64, { slots: 2, slotSize: 1024 });
      if (read % 5 === 0) await once(stream, 'ready');
      for (let chunk = 0; chunk < read; chunk++) {
        while (stream.read() === null) await once(stream, 'readable');
      }
      await closed(stream.destroy());
      assert.equal(stream.stats().slotsLent, 0);
    }
  });

  it('can be destroyed while it waits for room', async () => {
    const stream = open(waits, 1e9, 1000, { slots: 1, slotSize: 1000 });
    await until(() => stream.stats().producerWaits > 0);
    await closed(stream.destroy());
  });

  it('is a source of chunks that are kept, as others are', async () => {
    const kept: Buffer[] = [];
    for await (const chunk of open(waits, 10_000, 64)) kept.push(chunk as Buffer);
    const all = Buffer.concat(kept);
    assert.equal(all.length, 640_000);
    for (let word = 0; word < all.length / WORD; word++) {
      if (all.readBigUInt64LE(word * WORD) !== BigInt(word)) assert.fail(String(word));
    }
  });
});

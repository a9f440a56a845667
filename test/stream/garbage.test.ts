/** Garbage collection: what is held keeps its bytes, what is not is freed. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { collectGarbage } from '../helpers/garbage';
import { assertPattern, PatternReader } from '../helpers/pattern';
import { closed, parked, turn, until } from '../helpers/waiting';

const MIB = 2 ** 20;

describe('garbage collection', () => {
  const folder = temporaryFolder();

  // Copied chunks, chunks that take their slot's memory along, and both.
  for (const slotSize of [1000, 40_000, 256 * 1024]) {
    it(`leaves the bytes of held chunks alone, with slots of ${slotSize} bytes`, async () => {
      const stream = createPatternStream({ seed: 8, length: slotSize * 300 + 77, slots: 4, slotSize });
      const held = new Map<number, Buffer>();
      let offset = 0;
      let random = 1;
      for await (const chunk of stream) {
        random = (random * 48_271) % 2_147_483_647;
        if (random % 3 === 0) held.set(offset, chunk as Buffer);
        // Another one is let go, whatever its age.
        if (random % 5 === 0) held.delete([...held.keys()][random % held.size] ?? -1);
        offset += (chunk as Buffer).length;
        if (random % 20 === 0) collectGarbage();
        if (random % 7 === 0) await turn();
      }
      collectGarbage();
      assert.equal(offset, slotSize * 300 + 77);
      assert.ok(held.size > 10);
      for (const [position, chunk] of held) assertPattern(chunk, 8, position);
    });
  }

  it('leaves the bytes of held chunks alone after their stream was destroyed', async () => {
    const stream = createPatternStream({ seed: 8, slots: 4, slotSize: 65_536 });
    const held: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => {
      if (held.push(chunk) === 20) stream.destroy();
    });
    await closed(stream);
    for (let i = 0; i < 5; i++) {
      collectGarbage();
      await turn();
    }
    const reader = new PatternReader(8);
    for (const chunk of held) reader.take(chunk);
    reader.assertReached(20 * 65_536);
  });

  it('may happen while a thread fills slots, and at any point of a life', async () => {
    const file = folder.fill('file', 3_000_000);
    for (let i = 0; i < 20; i++) {
      const stream = createReadStream(file, { slots: 2, slotSize: 30_000 });
      collectGarbage();
      const reader = new PatternReader(3_000_000);
      stream.on('data', (chunk) => {
        reader.take(chunk);
        if (reader.offset === 30_000 * (i + 1)) collectGarbage();
      });
      stream.on('open', collectGarbage);
      stream.on('end', collectGarbage);
      await closed(stream);
      collectGarbage();
      reader.assertReached(3_000_000);
    }
  });

  it('frees the memory of streams that are closed, although the streams are held', async () => {
    const held: ProducerStream[] = [];
    const cycle = async (): Promise<void> => {
      const destroyed = createPatternStream({ slots: 8, slotSize: MIB });
      await parked(destroyed);
      const ended = createPatternStream({ slots: 8, slotSize: MIB, length: 10 * MIB }).resume();
      await Promise.all([closed(destroyed.destroy()), closed(ended)]);
      held.push(destroyed, ended);
    };
    await cycle();
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 10; i++) await cycle();
    await until(() => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers <= before + MIB;
    });
    assert.equal(held.length, 22);
  });

  it('frees streams that are closed', async () => {
    const references: WeakRef<object>[] = [];
    for (let i = 0; i < 10; i++) {
      const stream = createPatternStream({ length: 1000, slotSize: 100 });
      references.push(new WeakRef(stream));
      await closed(stream.resume());
    }
    await until(() => {
      collectGarbage();
      return references.filter((reference) => reference.deref()).length <= 1;
    });
  });

  it('does not hold chunks back: a small chunk does not keep a large slot', async () => {
    const file = folder.fill('small', 100);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const held: unknown[] = [];
    for (let i = 0; i < 20; i++)
      held.push(...((await createReadStream(file, { slots: 1, slotSize: MIB }).toArray()) as Buffer[]));
    assert.equal(held.length, 20);
    await until(() => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers < before + 3 * MIB;
    });
  });
});

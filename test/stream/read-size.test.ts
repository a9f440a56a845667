/** read(n): as much as is asked for, whatever the slots hold. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { assertSameAsNode } from '../helpers/twins';
import { closed, turn } from '../helpers/waiting';

const LENGTH = 10_000;

describe('read(n)', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', LENGTH);
  });

  for (const size of [1, 3, 99, 100, 101, 250, 1000, LENGTH - 1, LENGTH, LENGTH + 1]) {
    it(`returns the same pieces as with node:fs for n = ${size} and slots of 100 bytes`, () =>
      assertSameAsNode(async (create) => {
        const stream = create(file, { highWaterMark: 100 });
        const pieces: number[] = [];
        const reader = new PatternReader(LENGTH);
        stream.on('readable', () => {
          for (let piece = stream.read(size) as Buffer | null; piece; piece = stream.read(size) as Buffer | null) {
            pieces.push(piece.length);
            reader.take(piece);
          }
        });
        await closed(stream);
        reader.assertReached(LENGTH);
        return pieces;
      }));
  }

  it('follows a format of lengths and bodies that knows nothing of slots', async () => {
    const stream = createPatternStream({ seed: 5, length: 100_000, slots: 3, slotSize: 64 });
    const reader = new PatternReader(5);
    const sizes = [1, 2, 63, 64, 65, 128, 500, 7];
    let next = 0;
    stream.on('readable', () => {
      while (stream.readableLength > 0 || !stream.readableEnded) {
        const wanted = sizes[next % sizes.length] as number;
        const piece = stream.read(wanted) as Buffer | null;
        if (!piece) return;
        assert.ok(piece.length === wanted || reader.offset + piece.length === 100_000);
        reader.take(piece);
        next++;
      }
    });
    await once(stream, 'end');
    reader.assertReached(100_000);
  });

  it('returns null, and takes nothing, before there is anything', () => {
    const stream = createPatternStream({ length: 1000 });
    assert.equal(stream.read(10), null);
    assert.equal(stream.read(), null);
    assert.equal(stream.read(0), null);
    stream.destroy();
  });

  it('returns the rest at the end, when less than n is left', async () => {
    const stream = createPatternStream({ length: 1050, slotSize: 100 });
    const pieces: number[] = [];
    stream.on('readable', () => {
      for (let piece = stream.read(1000) as Buffer | null; piece; piece = stream.read(1000) as Buffer | null) {
        pieces.push(piece.length);
      }
    });
    await closed(stream);
    assert.deepEqual(pieces, [1000, 50]);
  });

  it('leaves the rest of a chunk in place for a plain read()', async () => {
    const stream = createPatternStream({ length: 1000, slotSize: 100 });
    const reader = new PatternReader(0);
    await once(stream, 'readable');
    reader.take(stream.read(30));
    assert.equal(stream.readableLength, 70);
    for await (const chunk of stream) reader.take(chunk);
    reader.assertReached(1000);
  });

  it('goes back to single slots after a large read(n)', async () => {
    const stream = createPatternStream({ length: 100_000, slotSize: 100 });
    while (stream.read(1000) === null) await turn();
    while (stream.readableLength > 0) stream.read();
    for (let i = 0; i < 20; i++) {
      let chunk = stream.read() as Buffer | null;
      while (!chunk) {
        await turn();
        chunk = stream.read() as Buffer | null;
      }
      assert.equal(chunk.length, 100);
    }
    stream.destroy();
  });

  it('refuses an n that no buffer could hold, as node:stream does, and does not begin to collect it', async () => {
    const stream = createPatternStream({ length: 100_000, slotSize: 100 });
    const reader = new PatternReader(0);
    let piece: Buffer | null = null;
    while (!piece) {
      await turn();
      piece = stream.read(150) as Buffer | null;
    }
    reader.take(piece);
    // Now Node would like to read ahead, and is told to wait.
    reader.take(stream.read(10));
    const { readableLength } = stream;
    assert.throws(() => stream.read(2 ** 31), { code: 'ERR_OUT_OF_RANGE' });
    assert.equal(stream.readableLength, readableLength);
    for await (const chunk of stream) reader.take(chunk);
    reader.assertReached(100_000);
  });
});

/** What nobody asks a web stream for stays in the ring, and all slots come back. */
import { strict as assert } from 'node:assert';
import { createPatternStream, type ProducerStream } from 'slipring';

import { PatternReader } from '../helpers/pattern';
import { closed, parked, turn, until } from '../helpers/waiting';
import { readChunks } from './helpers/reading';

const SLOT = 1000;
const options = { seed: 3, slots: 4, slotSize: SLOT };

/** All that was taken is filled again, but for one: the thread is woken for two at once. Then it waits. */
async function assertStandsStill(stream: ProducerStream, taken: number): Promise<void> {
  await until(() => stream.stats().chunksProduced >= taken + 3);
  await parked(stream);
  const { chunksProduced } = stream.stats();
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(stream.stats().chunksProduced, chunksProduced);
  assert.ok(chunksProduced <= taken + 4);
}

describe('backpressure of toWeb()', () => {
  it('stops the background thread when nobody reads, and nothing was taken from the ring', async () => {
    const stream = createPatternStream(options);
    const web = stream.toWeb();
    await assertStandsStill(stream, 0);
    const { slotsReady, slotsLent, chunksDelivered } = stream.stats();
    assert.deepEqual([slotsReady, slotsLent, chunksDelivered], [4, 0, 0]);
    await web.cancel();
    await closed(stream);
  });

  it('stops it when somebody has read for a while', async () => {
    const stream = createPatternStream(options);
    const reader = stream.toWeb().getReader();
    for (let i = 0; i < 10; i++) await reader.read();
    await assertStandsStill(stream, 10);
    assert.equal(stream.stats().chunksDelivered, 10);
    await reader.cancel();
    await closed(stream);
  });

  it('holds the slot that a view was too small for, and no other', async () => {
    const stream = createPatternStream(options);
    const reader = stream.toWeb().getReader({ mode: 'byob' });
    await reader.read(new Uint8Array(10));
    await until(() => stream.stats().slotsReady === 3);
    const { slotsLent, slotsFree, chunksProduced } = stream.stats();
    assert.deepEqual([slotsLent, slotsFree, chunksProduced], [1, 0, 4]);
    await reader.cancel();
    await closed(stream);
  });

  it('gives every slot back when it is cancelled, destroyed, or at its end', async () => {
    const ends: ((stream: ProducerStream, reader: ReadableStreamBYOBReader) => unknown)[] = [
      (_stream, reader) => reader.cancel(),
      (stream) => stream.destroy(),
      (stream) => stream.destroy(new Error('on purpose')),
    ];
    for (const end of ends) {
      const stream = createPatternStream(options);
      const reader = stream.toWeb().getReader({ mode: 'byob' });
      reader.closed.catch(() => undefined);
      await reader.read(new Uint8Array(10));
      assert.equal(stream.stats().slotsLent, 1);
      await end(stream, reader);
      await closed(stream);
      assert.equal(stream.stats().slotsLent, 0);
    }
  });

  it('reaches through a pipe into a WritableStream that stops', async () => {
    const stream = createPatternStream(options);
    const writes: (() => void)[] = [];
    const stuck = new WritableStream<Uint8Array>({
      write: () => new Promise<void>((resolve) => void writes.push(resolve)),
    });
    const piped = stream.toWeb().pipeTo(stuck);
    await until(() => writes.length === 1);
    await assertStandsStill(stream, 1);
    const cause = new Error('on purpose');
    stream.destroy(cause);
    writes[0]?.();
    await assert.rejects(piped, cause);
    await closed(stream);
  });

  it('keeps as much besides the ring as the strategy says', async () => {
    for (const strategy of [
      { highWaterMark: 2 * SLOT },
      new ByteLengthQueuingStrategy({ highWaterMark: 2 * SLOT }),
      new CountQueuingStrategy({ highWaterMark: 2 }),
    ]) {
      const stream = createPatternStream({ ...options, length: 50 * SLOT });
      const web = stream.toWeb({ strategy });
      await until(() => stream.stats().chunksDelivered === 2);
      await assertStandsStill(stream, 2);
      const reader = new PatternReader(3);
      assert.equal(await readChunks(web, reader), 50);
      reader.assertReached(50 * SLOT);
    }
  });

  it('lets the event loop turn while a reader is never satisfied', async () => {
    const stream = createPatternStream({ slots: 4, slotSize: SLOT });
    let turns = 0;
    let going = true;
    const count = (): void => {
      turns++;
      if (going) setImmediate(count);
    };
    setImmediate(count);
    const reader = stream.toWeb().getReader();
    let chunks = 0;
    for (; turns < 20; chunks++) await reader.read();
    going = false;
    assert.ok(chunks <= 21 * 4, `${chunks} chunks`);
    await reader.cancel();
    await closed(stream);
  });
});

/** When a slot that a pipe has lent is used again: after the last callback, and only if all went well. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream } from 'slipring';

import { assertPattern } from '../helpers/pattern';
import { turn, until } from '../helpers/waiting';
import { allocationsDuring, promising, Reluctant, type Pending } from './helpers/consumers';

const SIZE = 20_029; // a size that nothing else allocates
const endless = { seed: 8, slots: 3, slotSize: SIZE };

/** Lets the producer fill every slot that it has memory for, several times. */
async function goRound(sink: Reluctant): Promise<void> {
  for (let round = 0; round < 6; round++) (await sink.next()).done();
  await until(() => sink.pending.length > 0);
}

function assertIntact({ chunk, copy }: Pending): void {
  assert.equal(chunk.length, SIZE);
  assert.ok(chunk.equals(copy));
}

describe('a slot that was lent to', () => {
  it('one sink comes back when it calls back, and not before', async () => {
    const stream = createPatternStream(endless);
    const sink = new Reluctant();
    stream.pipe(sink.sink);
    for (let count = 0; count < 10; count++) {
      const write = await sink.next();
      await turn();
      assertIntact(write);
      assert.equal(stream.stats().slotsLent, 1);
      assertPattern(write.chunk, 8, count * SIZE);
      write.done();
      assert.equal(write.chunk.length, 0);
    }
    stream.destroy();
  });

  it('two sinks comes back when the second calls back, whichever that is', async () => {
    const stream = createPatternStream(endless);
    const sinks = [new Reluctant(), new Reluctant()] as const;
    for (const { sink } of sinks) stream.pipe(sink);
    for (let count = 0; count < 10; count++) {
      const writes = [await sinks[0].next(), await sinks[1].next()] as const;
      const first = count % 2;
      writes[first as 0 | 1].done();
      await turn();
      for (const write of writes) assertIntact(write);
      assert.equal(stream.stats().slotsLent, 1);
      writes[(1 - first) as 0 | 1].done();
      assert.deepEqual(
        writes.map(({ chunk }) => chunk.length),
        [0, 0],
      );
    }
    stream.destroy();
  });

  for (const { slots, half } of [
    { slots: 6, half: 3 },
    { slots: 5, half: 2 },
    { slots: 1, half: 1 },
  ]) {
    it(`sinks that say they are full are at most ${half} of ${slots}, and as many as that`, async () => {
      const stream = createPatternStream({ ...endless, slots });
      const full = new Reluctant();
      const other = new Reluctant({ highWaterMark: 2 ** 30 });
      stream.pipe(full.sink);
      stream.pipe(other.sink);
      await until(() => stream.stats().slotsLent === half);
      for (let turns = 0; turns < 20; turns++) await turn();
      assert.deepEqual([stream.stats().slotsLent, stream.isPaused()], [half, true]);
      for (let count = 0; count < 20; count++) {
        const write = await full.next();
        assertPattern(write.chunk, 8, count * SIZE);
        write.done();
        (await other.next()).done();
        assert.ok(stream.stats().slotsLent <= half);
      }
      stream.destroy();
    });
  }

  it('a sink that calls back twice waits for the other one all the same', async () => {
    const writes: { chunk: Buffer; done: () => void }[] = [];
    // No Writable of Node's would do that: it is a stranger with the same methods.
    const rude = promising(
      Object.assign(new Reluctant().sink, {
        write(chunk: Buffer, done: () => void) {
          writes.push({ chunk, done });
          return true;
        },
      }),
    );
    const other = new Reluctant();
    const stream = createPatternStream(endless);
    stream.pipe(rude);
    stream.pipe(other.sink);
    const write = await other.next();
    writes[0]?.done();
    writes[0]?.done();
    assertIntact(write);
    assert.equal(stream.stats().slotsLent, writes.length);
    stream.destroy();
  });

  it('a sink that fails is never used again, and the stream goes on with new memory', async () => {
    const allocated = await allocationsDuring(SIZE, async () => {
      const stream = createPatternStream(endless);
      const [failing, other] = [new Reluctant({ autoDestroy: false }), new Reluctant()];
      stream.pipe(failing.sink.on('error', () => undefined));
      stream.pipe(other.sink);
      const write = await failing.next();
      write.done(new Error('on purpose'));
      await turn();
      await goRound(other);
      assertIntact(write);
      assertPattern(write.chunk, 8, 0);
      stream.destroy();
    });
    assert.equal(allocated, endless.slots + 1);
  });

  it('a sink that closes before it calls back is never used again, even if it calls back later', async () => {
    const stream = createPatternStream(endless);
    const [closing, other] = [new Reluctant(), new Reluctant()];
    stream.pipe(closing.sink);
    stream.pipe(other.sink);
    const write = await closing.next();
    closing.sink.destroy();
    await once(closing.sink, 'close');
    await goRound(other);
    assertIntact(write);
    write.done();
    await goRound(other);
    assertIntact(write);
    stream.destroy();
  });

  it('a sink that was destroyed and says that all went well, is never used again', async () => {
    // As a socket does when its last write is cancelled.
    const stream = createPatternStream(endless);
    const writes: (Pending | undefined)[] = [];
    const liar = new Reluctant({
      destroy(_error, callback) {
        writes[0]?.done();
        setImmediate(callback, null);
      },
    });
    const other = new Reluctant();
    stream.pipe(liar.sink);
    stream.pipe(other.sink);
    writes.push(await liar.next());
    liar.sink.destroy();
    await goRound(other);
    assertIntact(writes[0] as Pending);
    stream.destroy();
  });

  it('a sink that was unpiped still waits for its callback, or its close', async () => {
    for (const end of ['done', 'destroy'] as const) {
      const stream = createPatternStream(endless);
      const first = new Reluctant();
      stream.pipe(first.sink);
      const write = await first.next();
      stream.unpipe(first.sink);
      const second = new Reluctant();
      stream.pipe(second.sink);
      await goRound(second);
      assertIntact(write);
      const { slotsLent } = stream.stats();
      if (end === 'done') write.done();
      else first.sink.destroy();
      await until(() => stream.stats().slotsLent < slotsLent);
      assert.equal(write.chunk.length, end === 'done' ? 0 : SIZE);
      stream.destroy();
    }
  });

  it('a sink whose stream was destroyed is emptied all the same, when it calls back', async () => {
    const stream = createPatternStream(endless);
    const sink = new Reluctant();
    stream.pipe(sink.sink);
    const write = await sink.next();
    await once(stream.destroy(), 'close');
    globalThis.gc?.();
    assertIntact(write);
    write.done();
    assert.deepEqual([write.chunk.length, stream.stats().slotsLent], [0, 0]);
  });
});

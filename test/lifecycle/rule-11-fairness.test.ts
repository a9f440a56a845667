/** Rule 11: a stream hands on one ring's worth of slots, 16 of them or 2 MiB at most, then the event loop gets its turn. */
import { strict as assert } from 'node:assert';
import { createPatternStream, type ProducerStream } from 'slipring';

import { closed, turn } from '../helpers/waiting';

/** The largest number of chunks that came between two turns of the event loop. */
async function mostInOneTurn(streams: ProducerStream[]): Promise<number> {
  let most = 0;
  let chunks = 0;
  let open = streams.length;
  for (const stream of streams) {
    stream.on('data', () => chunks++);
    stream.on('close', () => open--);
  }
  while (open > 0) {
    await turn();
    most = Math.max(most, chunks);
    chunks = 0;
  }
  return most;
}

describe('Rule 11: the event loop gets its turn', () => {
  // A turn as a listener of setImmediate() sees it can have the end of one budget and the start of the next.
  const worth = (budget: number, streams = 1): number => 2 * budget * streams;

  for (const { slots, slotSize, budget } of [
    { slots: 1, slotSize: 64, budget: 1 },
    { slots: 8, slotSize: 64, budget: 8 },
    { slots: 64, slotSize: 64, budget: 16 },
    { slots: 8, slotSize: 2 ** 19, budget: 4 },
    { slots: 4, slotSize: 2 ** 22, budget: 1 },
  ]) {
    it(`after ${budget} of the ${slots} slots of ${slotSize} bytes of a stream that is always ahead`, async () => {
      const stream = createPatternStream({ slots, slotSize, length: Math.min(slotSize * 20_000, 2 ** 30) });
      const most = await mostInOneTurn([stream]);
      assert.ok(most <= worth(budget), `${most} chunks came in one turn`);
    });
  }

  it('after the slots of each of 16 streams', async () => {
    const options = { slots: 4, slotSize: 64, length: 64 * 5000 };
    const streams = Array.from({ length: 16 }, () => createPatternStream(options));
    const most = await mostInOneTurn(streams);
    assert.ok(most <= worth(4, 16), `${most} chunks came in one turn`);
  });

  it('when what it reads resumes it in its own listener', async () => {
    const stream = createPatternStream({ slots: 8, slotSize: 64, length: 64 * 20_000 });
    stream.on('data', () => {
      stream.pause();
      stream.resume();
    });
    const most = await mostInOneTurn([stream]);
    assert.ok(most <= worth(8), `${most} chunks came in one turn`);
  });
});

describe('Rule 11: nothing is locked while a listener runs', () => {
  it('the thread fills slots meanwhile, of which at most three wait for a fourth', async () => {
    const stream = createPatternStream({ slots: 8, slotSize: 65_536 });
    let filled = 0;
    for (let chunks = 0; chunks < 20; chunks++) {
      await new Promise<void>((resolve) => {
        stream.once('data', () => {
          while (stream.stats().slotsReady < 5);
          filled++;
          resolve();
        });
      });
    }
    stream.destroy();
    await closed(stream);
    assert.equal(filled, 20);
  });

  it('a listener may make, read and destroy streams', async () => {
    const outer = createPatternStream({ slots: 2, slotSize: 64 });
    const inner: ProducerStream[] = [];
    outer.on('data', () => {
      inner.push(createPatternStream({ slots: 2, slotSize: 64 }).once('data', () => outer.destroy()));
      inner[inner.length - 2]?.destroy();
    });
    await closed(outer);
    for (const stream of inner) stream.destroy();
    await Promise.all(inner.map(closed));
    assert.ok(inner.length > 0);
  });
});

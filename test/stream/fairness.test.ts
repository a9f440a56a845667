/** Everybody gets a turn, however fast the bytes come (Rule 11); and nobody is woken for nothing. */
import { strict as assert } from 'node:assert';
import { createPatternStream, type ProducerStream } from 'slipring';

import { closed, parked, turn } from '../helpers/waiting';

const TURNS = 300;

/** Ways to take whatever comes, as fast as it comes. */
const consumers: Record<string, (stream: ProducerStream, taken: () => void) => void> = {
  "'data'": (stream, taken) => void stream.on('data', taken),
  "'readable'": (stream, taken) =>
    void stream.on('readable', () => {
      while (stream.read() !== null) taken();
    }),
  'for await': (stream, taken) => {
    const loop = async (): Promise<void> => {
      for await (const chunk of stream) if (chunk) taken();
    };
    loop().catch(() => undefined);
  },
};

describe('an endless stream at full speed', () => {
  for (const [name, consume] of Object.entries(consumers)) {
    for (const [slots, slotSize] of [
      [1, 64],
      [3, 1024],
      [8, 64 * 1024],
    ] as const) {
      it(`hands ${name} at most ${slots} chunks of ${slotSize} bytes between two turns of the event loop`, async () => {
        const stream = createPatternStream({ slots, slotSize });
        let since = 0;
        const seen = new Set<number>();
        let all = 0;
        consume(stream, () => since++);
        for (let turns = 0; turns < TURNS || all < 5 * slots; turns++) {
          await turn();
          seen.add(since);
          all += since;
          since = 0;
        }
        await closed(stream.destroy());
        assert.ok(Math.max(...seen) <= slots, `${Math.max(...seen)} in one turn`);
      });
    }

    it(`lets timers run while ${name} takes it`, async () => {
      const stream = createPatternStream({ slots: 8, slotSize: 1024 });
      let chunks = 0;
      let ticks = 0;
      consume(stream, () => chunks++);
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          if (++ticks < 20 || chunks < 20) return; // both go on
          clearInterval(timer);
          resolve();
        }, 1);
      });
      await closed(stream.destroy());
    });
  }

  it('lets another stream have its chunks', async () => {
    const streams = [1, 2, 3].map((seed) => createPatternStream({ seed, slots: 4, slotSize: 4096 }));
    const counts = streams.map(() => 0);
    await Promise.all(
      streams.map((stream, i) => {
        stream.on('data', () => {
          counts[i] = (counts[i] as number) + 1;
          if (counts.every((count) => count > 100)) for (const each of streams) each.destroy();
        });
        return closed(stream);
      }),
    );
    assert.ok(counts.every((count) => count > 100));
  });
});

describe('the doorbell', () => {
  it('is rung at most once for each chunk, and once each for the opening and the end', async () => {
    for (const slots of [1, 2, 8]) {
      const stream = createPatternStream({ slots, slotSize: 1000, length: 500_000 });
      await closed(stream.resume());
      const { wakeups, chunksDelivered } = stream.stats();
      assert.ok(wakeups <= chunksDelivered + 2, `${wakeups} for ${chunksDelivered}`);
    }
  });

  it('is rung for the opening only while nobody reads', async () => {
    const stream = createPatternStream({ slots: 100, slotSize: 1000 });
    await parked(stream);
    assert.equal(stream.stats().chunksProduced, 100);
    assert.ok(stream.stats().wakeups <= 1);
    await closed(stream.destroy());
  });

  it('is not rung at all while what is ready lasts', async () => {
    const stream = createPatternStream({ slots: 16, slotSize: 1000 });
    await parked(stream);
    const { wakeups } = stream.stats();
    for (let chunks = 0; chunks < 15; chunks++) assert.ok(stream.read());
    assert.equal(stream.stats().wakeups, wakeups);
    await closed(stream.destroy());
  });
});

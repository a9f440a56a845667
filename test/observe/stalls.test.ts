/** A stall: the ring is full, and its consumer has taken nothing for a second. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createDeviceStream, createPatternStream, type ProducerStream, type Slot, type Stats } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, parked, turn, until } from '../helpers/waiting';
import { itWithFifos } from '../helpers/where';
import { hearing, namesOf, type Heard } from './helpers/listening';
import { openWriter } from './helpers/writer';

interface Interval {
  look: () => void;
  period: number;
  cleared: boolean;
}

/** Puts the timers of the streams into the test's hands while `body` runs. */
async function withTimers(body: (timers: Interval[]) => Promise<void>): Promise<void> {
  const { setInterval, clearInterval } = globalThis;
  const timers: Interval[] = [];
  Object.assign(globalThis, {
    setInterval: (look: () => void, period: number) => {
      const timer = { look, period, cleared: false, unref: () => timer };
      timers.push(timer);
      return timer;
    },
    clearInterval: (timer: Interval) => (timer.cleared = true),
  });
  try {
    await body(timers);
  } finally {
    Object.assign(globalThis, { setInterval, clearInterval });
  }
}

const SMALL = { slots: 2, slotSize: 100 };

describe('a stall', () => {
  const folder = temporaryFolder();

  /** Lets the timer go off so often. */
  const looks = (timers: Interval[], times: number): void => {
    for (let i = 0; i < times; i++) timers.at(-1)?.look();
  };

  /** With a subscriber, and the stream; afterwards all is over. */
  async function watching(
    make: () => ProducerStream,
    body: (stream: ProducerStream, heard: Heard[], timers: Interval[]) => Promise<void>,
  ): Promise<void> {
    await withTimers(async (timers) => {
      await hearing(['stall'], async (heard) => {
        const stream = make();
        try {
          await body(stream, heard, timers);
        } finally {
          await closed(stream.destroy());
        }
        looks(timers, 1);
        assert.ok(timers.every(({ cleared }) => cleared));
      });
    });
  }

  it('is told once, and once more when the consumer stands still again', async () => {
    await watching(
      () => createPatternStream(SMALL),
      async (stream, heard, timers) => {
        await parked(stream);
        looks(timers, 3);
        assert.equal(namesOf(heard, stream).length, 0);
        looks(timers, 1);
        assert.equal(namesOf(heard, stream).length, 1);
        looks(timers, 10);
        assert.equal(namesOf(heard, stream).length, 1);
        stream.read();
        await until(() => stream.stats().slotsFree === 0);
        looks(timers, 3);
        assert.equal(namesOf(heard, stream).length, 1);
        looks(timers, 1);
        assert.equal(namesOf(heard, stream).length, 2);
      },
    );
  });

  it('is none while the consumer takes something, however slowly', async () => {
    await watching(
      () => createPatternStream(SMALL),
      async (stream, heard, timers) => {
        await parked(stream);
        for (let i = 0; i < 20; i++) {
          looks(timers, 1); // it has a chunk in its own queue, too: every other time nothing is taken
          await until(() => stream.read() !== null);
          await until(() => stream.stats().slotsFree === 0);
        }
        assert.equal(namesOf(heard, stream).length, 0);
      },
    );
  });

  itWithFifos('is none of a stream that waits for its source', async () => {
    const fifo = folder.fifo();
    await watching(
      () => createDeviceStream(fifo, { slots: 2, slotSize: 10 }),
      async (stream, heard, timers) => {
        const writer = await openWriter(fifo);
        await writer.write('abc');
        const chunks: unknown[] = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        await until(() => chunks.length === 1);
        looks(timers, 20);
        assert.equal(namesOf(heard, stream).length, 0);
        writer.close();
      },
    );
  });

  itWithFifos('is told of a stream that drops what comes, too', async () => {
    const fifo = folder.fifo();
    await watching(
      () => createDeviceStream(fifo, { slots: 2, slotSize: 10, overflow: 'drop-oldest' }),
      async (stream, heard, timers) => {
        const writer = await openWriter(fifo);
        await writer.write('x'.repeat(100));
        await until(() => stream.stats().droppedBytes === 80);
        looks(timers, 4);
        assert.equal(namesOf(heard, stream).length, 1);
        assert.equal((heard.find(({ message }) => message.stream === stream)?.message.stats as Stats).droppedBytes, 80);
        writer.close();
      },
    );
  });

  it('is told of slots that were lent and do not come back', async () => {
    await watching(
      () => createPatternStream(SMALL),
      async (stream, heard, timers) => {
        const slots = stream.slots();
        for (let i = 0; i < 2; i++) ((await slots.next()).value as Slot).retain();
        await until(() => stream.stats().producerWaits > 0);
        await turn();
        looks(timers, 4);
        assert.equal(namesOf(heard, stream).length, 1);
        assert.equal((heard.find(({ message }) => message.stream === stream)?.message.stats as Stats).slotsLent, 2);
      },
    );
  });

  it('is told to who subscribes later, from the next event of any stream on', async () => {
    await withTimers(async (timers) => {
      const stream = createPatternStream(SMALL);
      await parked(stream);
      assert.equal(timers.length, 0);
      await hearing(['stall'], async (heard) => {
        assert.equal(timers.length, 0);
        await closed(createPatternStream({ length: 1 }).resume());
        assert.equal(timers.length, 1);
        looks(timers, 4);
        assert.equal(namesOf(heard, stream).length, 1);
      });
      looks(timers, 1);
      assert.ok(timers[0]?.cleared);
      // And to the one after, although it was told before.
      await hearing(['stall'], async (heard) => {
        await closed(createPatternStream({ length: 1 }).resume());
        assert.equal(timers.length, 2);
        looks(timers, 4);
        assert.equal(namesOf(heard, stream).length, 1);
        await closed(stream.destroy());
        looks(timers, 1);
      });
    });
  });

  it('has one timer for all streams, and none when nobody has subscribed', async () => {
    await withTimers(async (timers) => {
      const make = (): ProducerStream[] => Array.from({ length: 5 }, () => createPatternStream({ length: 1 }));
      await Promise.all(make().map((stream) => closed(stream.resume())));
      assert.equal(timers.length, 0);
      await hearing(['stall'], async () => {
        await Promise.all(make().map((stream) => closed(stream.resume())));
        assert.equal(timers.length, 1);
        looks(timers, 1);
      });
    });
  });

  it('is told of a stream that nobody reads, a second after its ring was full', async () => {
    await hearing(['stall'], async (heard) => {
      const stream = createPatternStream(SMALL);
      await parked(stream);
      const begun = performance.now();
      await until(() => namesOf(heard, stream).length > 0);
      assert.ok(performance.now() - begun > 900);
      const { message } = heard.find((one) => one.message.stream === stream) as Heard;
      assert.deepEqual(Object.keys(message), ['stream', 'source', 'duration', 'stats']);
      assert.equal(message.stream, stream);
      assert.equal(message.source, 'pattern');
      assert.ok((message.duration as number) > 900);
      assert.equal((message.stats as Stats).slotsReady, 2);
      await closed(stream.destroy());
    });
  });

  it('does not keep the process alive', () => {
    const code = `
      require('node:diagnostics_channel').subscribe('slipring:stream:stall', () => console.log('stalled'));
      require('slipring').createPatternStream().unref();`;
    const output = execFileSync(process.execPath, ['-e', code], { cwd: __dirname, encoding: 'utf8', timeout: 30_000 });
    assert.equal(output, '');
  });
});

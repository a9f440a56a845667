/** How long chunks lie in the ring, as stream.monitorLatency() measures it. */
import { strict as assert } from 'node:assert';
import { createHistogram } from 'node:perf_hooks';
import {
  createDeviceStream,
  createPatternStream,
  createReadStream,
  type LatencyOptions,
  type ProducerStream,
} from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { isMessage } from '../helpers/messages';
import { closed, parked, turn, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { openWriter } from './helpers/writer';

const SMALL = { slots: 4, slotSize: 1000 };

describe('monitorLatency()', () => {
  const folder = temporaryFolder();

  /** Every way to read a stream of bytes to its end. */
  const ways: Record<string, (stream: ReturnType<typeof createPatternStream>) => Promise<unknown>> = {
    "'data'": (stream) => closed(stream.resume()),
    async 'a loop'(stream) {
      for await (const chunk of stream) assert.ok(chunk);
    },
    async 'slots()'(stream) {
      for await (const slot of stream.slots()) assert.ok(slot.data.length > 0);
    },
    async 'toWeb()'(stream) {
      for await (const chunk of stream.toWeb() as unknown as AsyncIterable<Uint8Array>) assert.ok(chunk);
    },
    async 'lines()'(stream) {
      for await (const line of stream.lines()) assert.ok(line.length >= 0);
    },
  };

  for (const [way, read] of Object.entries(ways)) {
    it(`has one value for each slot that is taken by ${way}`, async () => {
      const stream = createPatternStream({ ...SMALL, length: 50_500 });
      const latency = stream.monitorLatency();
      latency.enable();
      await read(stream);
      const slots = latency.count;
      // Lines fill slots less well.
      if (way === 'lines()') assert.ok(slots >= 51);
      else assert.equal(slots, 51);
      assert.ok(latency.min >= 1);
      assert.ok(latency.percentile(50) <= latency.max);
    });
  }

  it('is a histogram of node:perf_hooks, in nanoseconds', async () => {
    const stream = createPatternStream({ ...SMALL, length: 10_000 });
    const latency = stream.monitorLatency();
    assert.ok(latency instanceof createHistogram().constructor);
    latency.enable();
    await parked(stream);
    const begun = process.hrtime.bigint();
    await until(() => process.hrtime.bigint() - begun > 20_000_000n);
    await closed(stream.resume());
    // The four that were ready at the beginning have waited so long, and nobody waits longer than the test takes.
    assert.ok(latency.max >= 20_000_000, `${latency.max}`);
    assert.ok(latency.max < 60e9);
    assert.ok(latency.percentiles.size > 0);
    assert.equal(latency.exceeds, 0);
  });

  it('measures nothing before enable(), after disable(), and goes on after another enable()', async () => {
    const stream = createPatternStream(SMALL);
    const latency = stream.monitorLatency();
    const take = async (count: number): Promise<void> => {
      const goal = stream.stats().chunksDelivered + count;
      while (stream.stats().chunksDelivered < goal) {
        stream.read();
        await turn();
      }
    };
    await parked(stream);
    await take(3);
    assert.equal(latency.count, 0);
    assert.equal(latency.enable(), true);
    assert.equal(latency.enable(), false);
    const before = stream.stats().chunksDelivered;
    await take(3);
    assert.equal(latency.count, stream.stats().chunksDelivered - before);
    const { count } = latency;
    assert.equal(latency.disable(), true);
    assert.equal(latency.disable(), false);
    await take(3);
    assert.equal(latency.count, count);
    latency.enable();
    await take(3);
    assert.ok(latency.count > count);
    await closed(stream.destroy());
    assert.equal(latency.disable(), true);
    assert.equal(latency.enable(), true);
  });

  it('gives each who asks a histogram of their own', async () => {
    const stream = createPatternStream({ ...SMALL, length: 10_000 });
    const [first, second, third] = [stream.monitorLatency(), stream.monitorLatency(), stream.monitorLatency()];
    first.enable();
    second.enable();
    stream.once('data', () => first.disable());
    await closed(stream);
    assert.ok(first.count < 10);
    assert.equal(second.count, 10);
    assert.equal(third.count, 0);
  });

  it('is over at the end of a block with using', () => {
    const stream = createPatternStream();
    const latency = stream.monitorLatency();
    latency.enable();
    latency[Symbol.dispose]();
    assert.equal(latency.disable(), false);
    stream.destroy();
  });

  itWhere(process.platform === 'linux', 'the event loop reads on Linux only')(
    'has one value for each message that the event loop has read itself',
    async () => {
      const fifo = folder.fifo();
      const stream = createDeviceStream(fifo);
      const latency = stream.monitorLatency();
      latency.enable();
      let chunks = 0;
      let messages = 0;
      stream.on('data', () => {
        chunks++;
        if (isMessage()) messages++;
      });
      const writer = await openWriter(fifo);
      while (messages < 10) {
        const goal = chunks + 1;
        await writer.write('abc');
        await until(() => chunks === goal);
      }
      assert.equal(latency.count, chunks);
      // Nobody's age: it was read in the same turn.
      assert.ok(latency.max < 60e9);
      writer.close();
      await closed(stream);
    },
  );

  it('measures a file that is followed', async () => {
    const stream = createReadStream(folder.write('file', 'abc'), { follow: true, end: 2 });
    const latency = stream.monitorLatency();
    latency.enable();
    await closed(stream.resume());
    assert.equal(latency.count, 1);
  });

  it('counts what is above the highest that was asked for apart', async () => {
    const stream = createPatternStream({ ...SMALL, length: 10_000 });
    const latency = stream.monitorLatency({ lowest: 1, highest: 2, figures: 1 });
    latency.enable();
    await closed(stream.resume());
    assert.ok(latency.exceeds > 0);
  });

  for (const [code, wrong] of [
    ['ERR_INVALID_ARG_TYPE', [null, 1, { lowest: '1' }, { highest: 1n }, { figures: null }]],
    ['ERR_OUT_OF_RANGE', [{ lowest: 0 }, { lowest: 1.5 }, { lowest: 10, highest: 19 }, { figures: 6 }, { figures: 0 }]],
  ] as const) {
    for (const options of wrong) {
      const said = JSON.stringify(options, (_key, value: unknown) => (typeof value === 'bigint' ? 'bigint' : value));
      it(`throws ${code} for ${said}`, () => {
        const stream: ProducerStream = createPatternStream();
        assert.throws(() => stream.monitorLatency(options as unknown as LatencyOptions), { code });
        stream.destroy();
      });
    }
  }
});

/** Listeners run in the context in which the stream was made (Rule 7). */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, parked, until } from '../helpers/waiting';

const context = new AsyncLocalStorage<string>();
const options = { length: 50_000, slots: 3, slotSize: 1000 };

/** The contexts in which the events came; the listeners are added in a context of their own. */
async function contextsOf(stream: ProducerStream, events: string[]): Promise<Record<string, string[]>> {
  const seen = Object.fromEntries(events.map((event) => [event, new Set<string>()]));
  context.run('of the listener', () => {
    for (const event of events) stream.on(event, () => seen[event]?.add(context.getStore() ?? 'none'));
    if (events.includes('readable')) stream.on('readable', () => readAll(stream));
  });
  await closed(stream);
  return Object.fromEntries(Object.entries(seen).map(([event, stores]) => [event, [...stores]]));
}

function readAll(stream: ProducerStream): void {
  while (stream.read() !== null);
}

function failed(stream: ProducerStream): Promise<void> {
  return new Promise((resolve) => void stream.on('error', () => resolve()));
}

describe('the async context', () => {
  const folder = temporaryFolder();

  for (const event of ['data', 'readable']) {
    it(`in '${event}', 'end' and 'close' is that in which the stream was made`, async () => {
      const stream = context.run('of the stream', () => createPatternStream(options));
      const expected = ['of the stream'];
      const seen = await contextsOf(stream, [event, 'end', 'close']);
      assert.deepEqual(seen, { [event]: expected, end: expected, close: expected });
    });

    it(`in '${event}' is the same for a stream that was full before anybody listened`, async () => {
      const stream = context.run('of the stream', () => createPatternStream(options));
      await parked(stream);
      const expected = ['of the stream'];
      assert.deepEqual(await contextsOf(stream, [event, 'end']), { [event]: expected, end: expected });
    });
  }

  it("in 'open', 'ready' and 'error' is that in which the stream was made", async () => {
    const file = folder.fill('file', 1000);
    const expected = ['of the stream'];
    const good = context.run('of the stream', () => createReadStream(file).resume());
    assert.deepEqual(await contextsOf(good, ['open', 'ready']), { open: expected, ready: expected });
    const bad = context.run('of the stream', () => createReadStream(`${file}-missing`));
    assert.deepEqual(await contextsOf(bad, ['error']), { error: expected });
  });

  it("in 'close' and 'error' is that in which the stream was made, whoever destroys it, and when", async () => {
    const [short, long] = [
      { ...options, length: 10 },
      { ...options, length: Infinity },
    ];
    const states: [string, () => ProducerStream, (stream: ProducerStream) => unknown][] = [
      ['just made', () => createPatternStream(short), () => undefined],
      ['whose thread is done', () => createPatternStream(short), (s) => until(() => s.stats().slotsReady === 1)],
      ['that is read', () => createPatternStream(long).resume(), (s) => until(() => s.stats().chunksDelivered > 3)],
      ['that is full', () => createPatternStream(long), parked],
      ['that failed to open', () => createReadStream(folder.path('missing'), { autoClose: false }), failed],
    ];
    for (const [state, make, reach] of states) {
      const stream = context.run('of the stream', make);
      await reach(stream);
      const seen = contextsOf(stream, ['close']);
      context.run('of who destroys it', () => stream.destroy());
      assert.deepEqual(await seen, { close: ['of the stream'] }, state);
    }
  });

  it('of two streams is not mixed up', async () => {
    const names = ['one', 'two'];
    const streams = names.map((name) => context.run(name, () => createPatternStream(options)));
    const seen = await Promise.all(streams.map((stream) => contextsOf(stream, ['data'])));
    assert.deepEqual(
      seen.map(({ data }) => data),
      [['one'], ['two']],
    );
  });

  it("of a for await loop is the loop's own, whatever the stream's", async () => {
    const stream = context.run('of the stream', () => createPatternStream(options));
    const seen = new Set<unknown>();
    await context.run('of the loop', async () => {
      for await (const chunk of stream) seen.add(chunk && context.getStore());
    });
    assert.deepEqual([...seen], ['of the loop']);
  });
});

/** How a web stream ends, and what that does to the stream behind it: as with Readable.toWeb(). */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import type { ReadStream } from 'node:fs';
import { createPatternStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed, turn, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { fillBytes } from './helpers/reading';
import { assertSameWeb, nodeTellsAll, outcome, watch, type Twin } from './helpers/twins';

const LENGTH = 300_000;

async function readToEnd(web: ReadableStream<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of web) length += chunk.length;
  return length;
}

describe('a web stream', () => {
  const folder = temporaryFolder();
  let path = '';
  before(() => {
    path = folder.fill('file', LENGTH);
  });

  it('ends when the stream was closed', async () => {
    const seen = await assertSameWeb(async ({ create, toWeb }) => {
      const stream = create(path);
      const { events } = watch(stream);
      const length = await readToEnd(toWeb(stream));
      return { length, events, destroyed: stream.destroyed };
    });
    assert.deepEqual(seen, { length: LENGTH, events: ['end', 'close'], destroyed: true });
  });

  it('ends when a stream that is not to be closed has ended', async () => {
    const seen = await assertSameWeb(async ({ create, toWeb }) => {
      const stream = create(path, { autoClose: false });
      const { events } = watch(stream);
      const length = await readToEnd(toWeb(stream));
      const before = [...events];
      await closed(stream.destroy());
      return { length, before };
    });
    assert.deepEqual(seen, { length: LENGTH, before: ['end'] });
  });

  it('ends at once when the file is empty, for a reader with a view of its own, too', async () => {
    const empty = folder.write('empty', '');
    assert.equal(await assertSameWeb(({ create, toWeb }) => readToEnd(toWeb(create(empty)))), 0);
    const reader = new PatternReader(0);
    assert.equal(await fillBytes(createPatternStream({ length: 0 }).toWeb(), reader, 100), 0);
  });

  it('fails with what opening the file failed with', async () => {
    for (const autoClose of [true, false]) {
      await assertSameWeb(async ({ create, toWeb }) => {
        const stream = create(folder.path('missing'), { autoClose });
        const { events } = watch(stream);
        const result = await outcome(readToEnd(toWeb(stream)));
        return { result, events: autoClose ? events : events.slice(0, 1) };
      });
    }
  });

  it('fails with what reading failed with', async () => {
    const seen = await assertSameWeb(async ({ create, toWeb }) => {
      const stream = create(folder.path('.'));
      const { closed: over } = watch(stream);
      const result = (await outcome(readToEnd(toWeb(stream)))) as { code: string };
      await over;
      return result.code;
    });
    assert.equal(seen, 'EISDIR');
  });

  for (const [name, error] of [
    ['without an error', undefined],
    ['with an error', new Error('on purpose')],
  ] as const) {
    it(`fails when the stream is destroyed ${name}, and so does a read that waits`, async () => {
      await assertSameWeb(async ({ create, toWeb }) => {
        const stream = create(path);
        const { events, closed: over } = watch(stream);
        const reader = toWeb(stream).getReader();
        await reader.read();
        stream.destroy(error);
        const ends = await Promise.all([outcome(reader.closed), over]);
        return { ends, later: await outcome(reader.read()), events };
      });
    });
  }

  it('fails when the signal of the stream is aborted', async () => {
    await assertSameWeb(async ({ create, toWeb }) => {
      const abort = new AbortController();
      const stream = create(path, { signal: abort.signal });
      const { events, closed: over } = watch(stream);
      const web = toWeb(stream);
      setImmediate(() => abort.abort(new Error('the reason')));
      const { closed: end } = web.getReader();
      const result = await outcome(end);
      await over;
      return [result, events];
    });
  });

  const reasons: Record<string, unknown> = {
    nothing: undefined,
    'an error': new Error('enough'),
    'a string': 'enough',
    zero: 0,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    it(`destroys the stream when it is cancelled with ${name}`, async () => {
      await assertSameWeb(async ({ create, toWeb }) => {
        const stream = create(path);
        const { events, closed: over } = watch(stream);
        const web = toWeb(stream);
        const cancelled = await outcome(web.cancel(reason));
        const { destroyed } = stream;
        await over;
        const rest = await web.getReader().read();
        return { cancelled, destroyed, events, rest };
      });
    });
  }

  it('destroys the stream when a loop over it is left, or an aborted pipe', async () => {
    await assertSameWeb(async ({ create, toWeb }) => {
      const stream = create(path);
      const { events, closed: over } = watch(stream);
      for await (const chunk of toWeb(stream)) {
        assert.ok(chunk.length > 0);
        break;
      }
      await over;
      return events;
    });
    await assertSameWeb(async ({ create, toWeb }) => {
      const stream = create(path);
      const { events, closed: over } = watch(stream);
      const signal = AbortSignal.abort(new Error('no more'));
      const piped = await outcome(toWeb(stream).pipeTo(new WritableStream(), { signal }));
      await over;
      return [piped, events];
    });
  });

  it('resolves a read that waits when it is cancelled, and the stream closes', async () => {
    const stream = createPatternStream({ rate: 1000, slotSize: 1000 });
    const reader = stream.toWeb().getReader({ mode: 'byob' });
    const waits = reader.read(new Uint8Array(10_000_000), { min: 10_000_000 });
    await turn();
    await reader.cancel();
    assert.equal((await waits).done, true);
    await closed(stream);
    assert.equal(stream.stats().slotsLent, 0);
  });

  describe('of a stream that is over', () => {
    const states: Record<string, (stream: ReadStream) => Promise<unknown>> = {
      ended: (stream) => once(stream.resume(), 'end'),
      closed: (stream) => closed(stream.resume()),
      destroyed: (stream) => closed(stream.destroy()),
      'just destroyed': (stream) => Promise.resolve(stream.destroy()),
      'destroyed with an error': (stream) => closed(stream.destroy(new Error('on purpose'))),
      'just destroyed with an error': (stream) => Promise.resolve(stream.destroy(new Error('on purpose'))),
    };
    for (const [name, enter] of Object.entries(states)) {
      itWhere(nodeTellsAll, 'Node before 24 says that all is well')(`tells how that was: ${name}`, async () => {
        await assertSameWeb(async ({ create, toWeb }: Twin) => {
          const stream = create(path);
          const { closed: over } = watch(stream);
          await enter(stream);
          const result = await outcome(readToEnd(toWeb(stream)));
          await over;
          return result;
        });
      });
    }

    it('tells what it was destroyed with, on every Node', async () => {
      const stream = createPatternStream();
      const cause = new Error('on purpose');
      await closed(stream.destroy(cause));
      await assert.rejects(stream.toWeb().getReader().read(), cause);
    });
  });

  it('needs nobody who listens to errors of the stream', async () => {
    const stream = createPatternStream();
    const web = stream.toWeb();
    stream.destroy(new Error('on purpose'));
    await until(() => stream.closed);
    await assert.rejects(web.getReader().read(), { message: 'on purpose' });
  });
});

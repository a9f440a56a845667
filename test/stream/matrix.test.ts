/** Every method of a stream in every state: what it returns or throws, and all that follows, as with `node:fs`. */
import { strict as assert } from 'node:assert';
import type { ReadStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import type { ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { inState, states, type State } from '../helpers/states';
import { assertSameAsNode, describeError, describeStream, ours, record, type Create } from '../helpers/twins';
import { closed, turn } from '../helpers/waiting';

/** What became of the call: what it returned, or threw. */
function outcome(call: () => unknown, stream: Readable): unknown {
  try {
    const value = call();
    if (value === stream) return 'itself';
    if (Buffer.isBuffer(value)) return value.length;
    return typeof value === 'object' && value !== null ? value.constructor.name : value;
  } catch (error) {
    return describeError(error);
  }
}

const operations: Record<string, (stream: ReadStream, log: unknown[]) => unknown> = {
  'read(0)': (stream) => stream.read(0) as unknown,
  'read()': (stream) => stream.read() as unknown,
  'read(n)': (stream) => stream.read(1500) as unknown,
  'pause()': (stream) => stream.pause(),
  'resume()': (stream) => stream.resume(),
  'isPaused()': (stream) => stream.isPaused(),
  'setEncoding()': (stream) => stream.setEncoding('hex'),
  'setEncoding() with a wrong encoding': (stream) => stream.setEncoding('wrong' as BufferEncoding),
  'unshift()': (stream) => {
    stream.unshift(Buffer.from('x'));
  },
  'pipe()': (stream) => void stream.pipe(new PassThrough().resume()),
  'unpipe()': (stream) => stream.unpipe(),
  "on('data')": (stream) => stream.on('data', () => undefined),
  'destroy()': (stream) => stream.destroy(),
  'destroy(error)': (stream) => stream.destroy(new Error('later')),
  'destroy() twice': (stream) => stream.destroy(new Error('first')).destroy(new Error('second')),
  'close()': (stream) => {
    stream.close();
  },
  'close(callback)': (stream, log) => {
    stream.close((error) => log.push(['closed', error && describeError(error)]));
  },
  'an iterator': (stream) => stream[Symbol.asyncIterator]().return?.() instanceof Promise,
};
const DESTROYS = /destroy|close|iterator/;

describe('every method in every state', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 50_000);
  });

  /** Does it, lets the stream come to its end, and returns all that can be seen. */
  async function scene(create: Create, state: State, name: string): Promise<unknown[]> {
    let log: unknown[] = [];
    const seen: unknown[] = [];
    const act = (stream: ReadStream): void => {
      seen.push(
        outcome(() => operations[name]?.(stream, log), stream),
        describeStream(stream),
      );
    };
    const stream = await inState(state, create, file, (created) => (log = record(created)), act);
    if (!stream.destroyed) stream.resume();
    if (stream.readableEnded) stream.destroy();
    await closed(stream);
    await turn();
    const left = state.beforeOpen && DESTROYS.test(name) ? log.filter((entry) => !isOpening(entry)) : log;
    return [...seen, ...left, describeStream(stream)];
  }

  for (const [stateName, state] of Object.entries(states)) {
    for (const name of Object.keys(operations)) {
      if (state.mayHaveData && /read\(n?\)/.test(name)) continue; // see read-size.test.ts
      it(`${name} does the same as with node:fs when the stream is ${stateName}`, () =>
        assertSameAsNode((create) => scene(create, state, name)));
    }

    it(`ref() and unref() return the stream, and stats() numbers, when it is ${stateName}`, async () => {
      const stream = await inState(
        state,
        ours,
        file,
        (created) => created.on('error', () => undefined),
        (reached) => {
          const producer = reached as unknown as ProducerStream;
          assert.equal(producer.unref(), producer);
          assert.equal(producer.ref(), producer);
          for (const [key, value] of Object.entries(producer.stats())) {
            assert.ok(Number.isSafeInteger(value) && value >= 0, key);
          }
        },
      );
      await closed(stream.destroy());
    });

    it(`Symbol.asyncDispose closes the stream when it is ${stateName}`, async () => {
      let disposed: Promise<unknown> | undefined;
      const stream = await inState(
        state,
        ours,
        file,
        (created) => void created.on('error', () => undefined),
        (reached) => {
          disposed = reached[Symbol.asyncDispose]().catch((error: unknown) => error);
        },
      );
      await disposed;
      assert.ok(stream.destroyed);
      await closed(stream);
    });
  }
});

function isOpening(entry: unknown): boolean {
  return ['open', 'ready'].includes((entry as { event: string }).event);
}

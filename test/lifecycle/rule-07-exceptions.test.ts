/** Rule 7: what a listener throws reaches 'uncaughtException' once; listeners run in the context of their stream. */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, turn, until } from '../helpers/waiting';
import { askChild, askWorkers } from './helpers/child';

const LENGTH = 100_000;
const options = { slots: 4, slotSize: 1000 };

/** What is thrown on purpose, and what of it arrived. */
class Thrower {
  thrown = 0;

  throw(): never {
    throw new Error(String(this.thrown++));
  }

  /** Each error arrived once, in the order in which they were thrown. */
  assertAllArrived(caught: unknown[]): void {
    const messages = caught.map((error) => (error as Error).message);
    assert.deepEqual(messages, [...Array(this.thrown).keys()].map(String));
  }
}

describe("Rule 7: what a listener throws reaches 'uncaughtException' once", () => {
  const folder = temporaryFolder();
  const make: Record<string, () => ProducerStream> = {
    file: () => createReadStream(folder.fill('bytes', LENGTH), options),
    pattern: () => createPatternStream({ ...options, length: LENGTH }),
  };

  for (const [source, create] of Object.entries(make)) {
    it(`a 'data' listener of a ${source} stream that throws at every chunk misses no byte`, async () => {
      const thrower = new Thrower();
      let bytes = 0;
      const caught = await uncaughtDuring(async () => {
        const stream = create();
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          thrower.throw();
        });
        await closed(stream);
      });
      thrower.assertAllArrived(caught);
      assert.deepEqual([bytes, thrower.thrown], [LENGTH, LENGTH / options.slotSize]);
    });

    it(`a 'data' listener of a ${source} stream that throws at a chunk it was late for misses no byte`, async () => {
      const thrower = new Thrower();
      let bytes = 0;
      const caught = await uncaughtDuring(async () => {
        const stream = create();
        stream.read(0);
        await until(() => stream.readableLength > 0);
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          thrower.throw();
        });
        await closed(stream);
      });
      thrower.assertAllArrived(caught);
      assert.equal(bytes, LENGTH);
    });

    for (const event of ['readable', 'pause', 'resume', 'end', 'close']) {
      it(`a '${event}' listener of a ${source} stream may throw`, async () => {
        const thrower = new Thrower();
        let bytes = 0;
        const caught = await uncaughtDuring(async () => {
          const stream = create();
          // Node emits no 'close' after an 'end' or 'error' listener that throws.
          const done = event === 'end' ? once(stream, 'end') : closed(stream);
          if (event === 'pause') setImmediate(() => stream.pause());
          stream.on(event, () => {
            if (event === 'readable') for (let chunk; (chunk = stream.read() as Buffer | null);) bytes += chunk.length;
            if (event === 'pause') setImmediate(() => stream.resume());
            thrower.throw();
          });
          if (event !== 'readable') stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
          await done;
          await turn();
        });
        thrower.assertAllArrived(caught);
        assert.equal(bytes, LENGTH);
        assert.ok(thrower.thrown > 0);
      });
    }
  }

  for (const event of ['open', 'ready']) {
    it(`an '${event}' listener that throws costs no byte, however late the stream is read`, async () => {
      const thrower = new Thrower();
      let bytes = 0;
      const caught = await uncaughtDuring(async () => {
        for (let turns = 0; turns < 5; turns++) {
          const stream = (make.file as () => ProducerStream)();
          stream.on(event, () => thrower.throw());
          for (let left = turns; left > 0; left--) await turn();
          stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
          await closed(stream);
        }
      });
      thrower.assertAllArrived(caught);
      assert.deepEqual([thrower.thrown, bytes], [5, 5 * LENGTH]);
    });
  }

  it("an 'error' listener may throw", async () => {
    const thrower = new Thrower();
    const caught = await uncaughtDuring(async () => {
      const stream = createReadStream(folder.path('nothing'));
      stream.on('error', () => thrower.throw());
      await until(() => thrower.thrown > 0);
      await turn();
    });
    thrower.assertAllArrived(caught);
    assert.equal(thrower.thrown, 1);
  });

  it('in a process of its own, and in workers', async () => {
    const told = { caught: 100, bytes: LENGTH };
    assert.deepEqual(await askChild('throwing'), told);
    for (const ended of await askWorkers(5, 'throwing', [])) assert.deepEqual(ended, { code: 0, said: [told] });
  });
});

describe('Rule 7: listeners run in the async context of their stream', () => {
  it('whoever reads it, resumes it or destroys it', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: Record<string, Set<string | undefined>> = {};
    const stream = storage.run('the maker', () => createReadStream(__filename, { slotSize: 100 }));
    storage.run('the listener', () => {
      for (const event of ['open', 'data', 'end', 'close']) {
        seen[event] = new Set();
        stream.on(event, () => seen[event]?.add(storage.getStore()));
      }
    });
    let chunks = 0;
    stream.on('data', () => {
      if (++chunks % 2 === 0) return;
      stream.pause();
      storage.run('somebody else', () => setImmediate(() => stream.resume()));
    });
    await storage.run('somebody else', () => closed(stream));
    for (const [event, stores] of Object.entries(seen)) assert.deepEqual([event, ...stores], [event, 'the maker']);
  });
});

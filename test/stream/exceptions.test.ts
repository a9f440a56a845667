/** A listener that throws: the error reaches 'uncaughtException' once, and the stream goes on (Rule 7). */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, parked, turn, until } from '../helpers/waiting';

const options = { seed: 4, length: 50_000, slots: 3, slotSize: 1000 };
const CHUNKS = 50;

describe('an exception', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 50_000);
  });

  for (const [name, wanted] of [
    ['in the first', 1],
    ['in a middle', 20],
    ['in the last', CHUNKS],
  ] as const) {
    it(`${name} 'data' is uncaught once, and no chunk is lost`, async () => {
      const reader = new PatternReader(4);
      let chunks = 0;
      const caught = await uncaughtDuring(async () => {
        const stream = createPatternStream(options);
        stream.on('data', (chunk: Buffer) => {
          reader.take(chunk);
          if (++chunks === wanted) throw new Error('in data');
        });
        await closed(stream);
      });
      assert.deepEqual(caught, [new Error('in data')]);
      reader.assertReached(options.length);
    });
  }

  it("in every 'data' is uncaught as often", async () => {
    const reader = new PatternReader(4);
    const caught = await uncaughtDuring(async () => {
      const stream = createPatternStream(options);
      stream.on('data', (chunk: Buffer) => {
        reader.take(chunk);
        throw new Error('always');
      });
      await closed(stream);
    });
    assert.equal(caught.length, CHUNKS);
    reader.assertReached(options.length);
  });

  it("in 'data' of a stream that was full before it was read is uncaught once", async () => {
    const reader = new PatternReader(4);
    const caught = await uncaughtDuring(async () => {
      const stream = createPatternStream(options);
      await parked(stream);
      stream.on('data', (chunk: Buffer) => {
        reader.take(chunk);
        if (reader.offset === 1000) throw new Error('late');
      });
      await closed(stream);
    });
    assert.deepEqual(caught, [new Error('late')]);
    reader.assertReached(options.length);
  });

  it("in 'readable' is uncaught once", async () => {
    let thrown = false;
    const reader = new PatternReader(4);
    const caught = await uncaughtDuring(async () => {
      const stream = createPatternStream(options);
      stream.on('readable', () => {
        for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) {
          reader.take(chunk);
        }
        if (thrown) return;
        thrown = true;
        throw new Error('in readable');
      });
      await closed(stream);
    });
    assert.deepEqual(caught, [new Error('in readable')]);
    reader.assertReached(options.length);
  });

  for (const event of ['open', 'ready', 'end', 'close', 'error']) {
    it(`in '${event}' is uncaught once`, async () => {
      const caught = await uncaughtDuring(async (already) => {
        const stream = createReadStream(event === 'error' ? folder.path('missing') : file).resume();
        stream.once(event, () => {
          throw new Error(`in ${event}`);
        });
        await until(() => already.length > 0);
        // As with every Readable, a throw in 'end' or 'error' leaves what would have come after it to the application.
        if (event !== 'error') await closed(stream.destroy());
        await turn();
      });
      assert.deepEqual(caught, [new Error(`in ${event}`)]);
    });
  }

  it("an 'error' without a listener is uncaught once, as for every emitter", async () => {
    const caught = await uncaughtDuring(async (already) => {
      createReadStream(folder.path('missing'));
      await until(() => already.length > 0);
      await turn();
    });
    assert.deepEqual(
      caught.map((error) => (error as NodeJS.ErrnoException).code),
      ['ENOENT'],
    );
  });
});

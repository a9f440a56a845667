/** What is missing is told where it is missing, to who reads past the Readable's own queue, too. */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import { createDeviceStream, createPatternStream, type DeviceStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes, PatternReader } from '../helpers/pattern';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, until } from '../helpers/waiting';
import { describeWithFifos } from '../helpers/where';
import { fillBytes, readChunks } from './helpers/reading';

const SLOT = 1000;
const content = patternBytes(2, 0, 8 * SLOT);
const toAsyncStreamable = Symbol.for('Stream.toAsyncStreamable');

describeWithFifos("'gap' events", () => {
  const folder = temporaryFolder();

  /** Slots with the numbers 2 and 3 are ready, or the first two and an error behind them: the others were dropped. */
  async function overflown(overflow: 'drop-oldest' | 'drop-newest'): Promise<DeviceStream> {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { slots: 2, slotSize: SLOT, overflow });
    const writer = fs.openSync(path, 'r+');
    for (let i = 1; i <= 4; i++) {
      fs.writeSync(writer, content.subarray((i - 1) * SLOT, i * SLOT));
      await until(() => stream.stats().chunksProduced === i);
    }
    fs.closeSync(writer);
    return stream;
  }

  /** What was read, and how much of it there was at each gap. */
  class Told {
    readonly reader = new PatternReader(2);
    readonly gaps: object[] = [];

    constructor(stream: DeviceStream) {
      stream.on('gap', (gap) => {
        this.gaps.push({ ...gap, behind: this.reader.offset });
        this.reader.offset += gap.droppedBytes;
      });
    }
  }

  const ways: Record<string, (stream: DeviceStream, reader: PatternReader) => Promise<unknown>> = {
    'a reader of chunks': (stream, reader) => readChunks(stream.toWeb(), reader),
    'a reader with a large view': (stream, reader) => fillBytes(stream.toWeb(), reader, 10 * SLOT),
    'a reader with a small view': (stream, reader) => fillBytes(stream.toWeb(), reader, 300),
    'a loop over batches': async (stream, reader) => {
      const batches = Reflect.apply(Reflect.get(stream, toAsyncStreamable) as never, stream, []);
      for await (const batch of batches as AsyncIterable<Buffer[]>) for (const chunk of batch) reader.take(chunk);
    },
  };
  for (const [name, read] of Object.entries(ways)) {
    it(`stand before the bytes that come behind, for ${name}`, async () => {
      const stream = await overflown('drop-oldest');
      const told = new Told(stream);
      await read(stream, told.reader);
      told.reader.assertReached(4 * SLOT);
      assert.deepEqual(told.gaps, [{ droppedChunks: 2, droppedBytes: 2 * SLOT, sequence: 0, behind: 0 }]);
    });

    it(`stand before the end, for ${name}`, async () => {
      const stream = await overflown('drop-newest');
      const told = new Told(stream);
      await read(stream, told.reader);
      told.reader.assertReached(4 * SLOT);
      assert.deepEqual(told.gaps, [{ droppedChunks: 2, droppedBytes: 2 * SLOT, sequence: 2, behind: 2 * SLOT }]);
    });
  }

  it('in the middle end what a view gets, and a batch', async () => {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { slots: 2, slotSize: SLOT, overflow: 'drop-newest' });
    const writer = fs.openSync(path, 'r+');
    const told = new Told(stream);
    const byob = stream.toWeb().getReader({ mode: 'byob' });
    const write = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        fs.writeSync(writer, content.subarray(i * SLOT, (i + 1) * SLOT));
        await until(() => stream.stats().chunksProduced === i + 1);
      }
    };
    const read = async (length: number): Promise<number> => {
      const { value } = await byob.read(new Uint8Array(length));
      told.reader.take(Buffer.from(value ?? []));
      return value?.length ?? 0;
    };
    await write(0, 3);
    assert.equal(await read(SLOT), SLOT);
    await write(3, 4);
    // The slots have the numbers 1 and 3.
    assert.equal(await read(10 * SLOT), SLOT);
    assert.deepEqual(told.gaps, []);
    assert.equal(await read(10 * SLOT), SLOT);
    assert.deepEqual(told.gaps, [{ droppedChunks: 1, droppedBytes: SLOT, sequence: 2, behind: 2 * SLOT }]);
    fs.closeSync(writer);
    assert.equal(await read(10), 0);
    told.reader.assertReached(4 * SLOT);
  });

  it("are heard in the stream's context; what a listener throws is uncaught, and the reading goes on (Rule 7)", async () => {
    const storage = new AsyncLocalStorage<string>();
    const contexts: unknown[] = [];
    const caught = await uncaughtDuring(async () => {
      const stream = await storage.run('stream', () => overflown('drop-oldest'));
      const told = new Told(stream);
      stream.on('gap', () => {
        contexts.push(storage.getStore());
        throw new Error('on purpose');
      });
      stream.on('end', () => contexts.push(storage.getStore()));
      await storage.run('reader', () => fillBytes(stream.toWeb(), told.reader, 10 * SLOT));
      told.reader.assertReached(4 * SLOT);
    });
    assert.deepEqual([caught.length, contexts], [1, ['stream', 'stream']]);
  });
});

describe('a reader that waits', () => {
  it('is served by what comes later, as soon as it comes', async () => {
    const stream = createPatternStream({ seed: 2, rate: 100_000, slotSize: 100, length: 2000 });
    const reader = new PatternReader(2);
    await fillBytes(stream.toWeb(), reader, 1000);
    reader.assertReached(2000);
    await closed(stream);
  });
});

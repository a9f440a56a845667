/** pipe() to anything that may keep a chunk: it gets chunks of its own. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { PassThrough, Transform, Writable } from 'node:stream';
import zlib from 'node:zlib';
import { createPatternStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { allocationsDuring, consumer } from './helpers/consumers';

const SIZE = 20_023; // a size that nothing else allocates
const COUNT = 20;
const options = { seed: 7, length: COUNT * SIZE, slots: 3, slotSize: SIZE };

type Callback = (error?: Error | null) => void;
type Write = (chunk: Buffer, encoding: unknown, callback: Callback) => void;

/** So that an fs.WriteStream never has two chunks, which would go through `_writev()`. */
const fullAtOnce = { highWaterMark: 1 };

/** Makes a sink that puts each chunk it gets into `kept`. */
type Owner = (kept: Buffer[], file: string) => Writable;

/** A `_write` or `_transform` that keeps the chunk and says that it is done. */
function keepIn(kept: Buffer[]): Write {
  return (chunk, _encoding, callback) => {
    kept.push(chunk);
    callback();
  };
}

/** Puts a `write()` before that of the sink. */
function wrapped(sink: Writable, kept: Buffer[]): Writable {
  const write = sink.write.bind(sink) as (...values: unknown[]) => boolean;
  return Object.assign(sink, {
    write(...values: unknown[]) {
      kept.push(values[0] as Buffer);
      return write(...values);
    },
  });
}

const owners: Record<string, Owner> = {
  'a plain Writable': (kept) => new Writable({ write: keepIn(kept) }),
  'a Transform': (kept) => new Transform({ transform: keepIn(kept) }).resume(),
  'a PassThrough': (kept) => new PassThrough().on('data', (chunk: Buffer) => kept.push(chunk)),
  'a subclass of fs.WriteStream with its own _write': (kept, file) => {
    class Keeping extends fs.WriteStream {
      override _write = keepIn(kept);
    }
    return new (Keeping as unknown as new (file: string, options: object) => Writable)(file, fullAtOnce);
  },
  'an fs.WriteStream that was given a _write': (kept, file) =>
    Object.assign(fs.createWriteStream(file, fullAtOnce), { _write: keepIn(kept) }),
  'an fs.WriteStream that was given a _writev': (kept, file) => {
    const sink = Object.assign(fs.createWriteStream(file, { highWaterMark: 1e9 }), {
      _writev(writes: { chunk: Buffer }[], callback: Callback) {
        kept.push(...writes.map(({ chunk }) => chunk));
        callback();
      },
    });
    sink.cork(); // until its end: so that nothing goes through _write()
    return sink;
  },
  'an fs.WriteStream whose write() was wrapped': (kept, file) => wrapped(fs.createWriteStream(file), kept),
  'an fs.WriteStream with an fs of its own': (kept, file) => {
    const write = (
      _fd: number,
      chunk: Buffer,
      offset: number,
      length: number,
      _at: unknown,
      done: fs.NoParamCallback,
    ) => {
      kept.push(chunk.subarray(offset, offset + length));
      setImmediate(done as (error: null, written: number) => void, null, length);
    };
    return fs.createWriteStream(file, { fs: { open: fs.open, close: fs.close, write } });
  },
  'a subclass of net.Socket with its own _write': (kept) => {
    class Keeping extends net.Socket {
      override _write = keepIn(kept);
      override _final = (callback: Callback): void => callback();
    }
    return new Keeping();
  },
  'a Gzip that was given a _transform': (kept) =>
    Object.assign(zlib.createGzip(), { _transform: keepIn(kept), _flush: (callback: Callback) => callback() }).resume(),
  'a class that is only called Http2Stream': (kept) => {
    class Http2Stream extends Writable {
      override _write = keepIn(kept);
    }
    return new Http2Stream();
  },
  'a Writable whose promise is truthy, but not true': (kept) =>
    Object.assign(new Writable({ write: keepIn(kept) }), { [Symbol.for('slipring.consumesOnWrite')]: 1 }),
};

/** Other consumers that a stream can have beside a terminal sink. They keep what they get. */
const companions: Record<string, (stream: ProducerStream, kept: Buffer[]) => unknown> = {
  "a 'data' listener": (stream, kept) => stream.on('data', (chunk: Buffer) => kept.push(chunk)),
  'a PassThrough': (stream, kept) =>
    stream.pipe(new PassThrough({ highWaterMark: 1e7 })).on('data', (chunk: Buffer) => kept.push(chunk)),
  "a 'readable' listener": (stream, kept) =>
    stream.on('readable', () => {
      for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) kept.push(chunk);
    }),
};

describe('a pipe gives chunks away to', () => {
  const folder = temporaryFolder();

  /** Runs a stream to its end; what was kept must be all of it, in memory that came on top of the ring's. */
  async function assertOwned(kept: Buffer[], connect: (stream: ProducerStream) => NodeJS.EventEmitter): Promise<void> {
    const allocated = await allocationsDuring(SIZE, async () => {
      const stream = createPatternStream(options);
      await once(connect(stream), 'finish');
      assert.equal(stream.stats().slotsLent, 0);
    });
    assert.equal(allocated, options.slots + COUNT);
    assert.ok(Buffer.concat(kept).equals(patternBytes(7, 0, options.length)));
  }

  for (const [name, create] of Object.entries(owners)) {
    it(name, async () => {
      const kept: Buffer[] = [];
      await assertOwned(kept, (stream) => stream.pipe(create(kept, folder.path('file'))));
    });
  }

  for (const [name, join] of Object.entries(companions)) {
    it(`a terminal sink, when there is also ${name}`, async () => {
      const kept: Buffer[] = [];
      await assertOwned(kept, (stream) => {
        const sink = stream.pipe(consumer({ write: (_chunk, _encoding, callback) => setImmediate(callback) }));
        join(stream, kept);
        return sink;
      });
    });
  }

  it('a terminal sink, when the stream has an encoding', async () => {
    const texts: string[] = [];
    const write = (chunk: unknown, _encoding: unknown, callback: Callback): void => {
      texts.push(String(chunk));
      callback();
    };
    const stream = createPatternStream({ ...options, encoding: 'hex' });
    await once(stream.pipe(consumer({ decodeStrings: false, write })), 'finish');
    assert.ok(Buffer.from(texts.join(''), 'hex').equals(patternBytes(7, 0, options.length)));
  });

  it('a terminal sink that stops to be one in mid-flow, from then on', async () => {
    const kept: Buffer[] = [];
    const sink = fs.createWriteStream(folder.path('changing'), fullAtOnce);
    const changed = await allocationsDuring(SIZE, async () => {
      // With a rate it may wait, and so the thread leaves all writing to the sink.
      const stream = createPatternStream({ ...options, rate: 1e8 });
      stream.pipe(sink);
      await once(sink, 'drain');
      Object.assign(sink, { _write: keepIn(kept), _writev: undefined });
      await once(sink, 'finish');
    });
    assert.equal(changed, options.slots + kept.length);
    const bytes = Buffer.concat([fs.readFileSync(folder.path('changing')), ...kept]);
    assert.ok(bytes.equals(patternBytes(7, 0, options.length)));
  });
});

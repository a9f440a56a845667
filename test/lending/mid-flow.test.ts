/** Consumers that come and go while a pipe is flowing. Whatever they do, every byte arrives once, and in order. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes, PatternReader } from '../helpers/pattern';
import { bytesOf, closed, parked, until } from '../helpers/waiting';
import { consumer } from './helpers/consumers';

const SIZE = 4096;
const LENGTH = 60 * SIZE + 1;
const options = { seed: 3, length: LENGTH, slots: 3, slotSize: SIZE };

/** A terminal sink that reads the pattern, from wherever it is when the first chunk comes. */
function follow(
  reader: PatternReader,
  each: (write: number) => void = () => undefined,
  highWaterMark = 3 * SIZE,
): ReturnType<typeof consumer> {
  let writes = 0;
  return consumer({
    highWaterMark,
    write(chunk: Buffer, _encoding, callback) {
      reader.take(chunk);
      each(++writes);
      setImmediate(callback);
    },
  });
}

/** Where a consumer that comes now begins. */
function position(stream: ProducerStream): number {
  return stream.stats().bytesDelivered - stream.readableLength;
}

describe('in mid-flow', () => {
  const folder = temporaryFolder();
  const expected = patternBytes(3, 0, LENGTH);

  it("a 'data' listener gets all that follows, the sink gets everything", async () => {
    const stream = createPatternStream(options);
    const [all, rest] = [new PatternReader(3), new PatternReader(3)];
    const kept: Buffer[] = [];
    let begin = 0;
    const sink = follow(all, (write) => {
      if (write !== 10) return;
      begin = rest.offset = position(stream);
      stream.on('data', (chunk: Buffer) => {
        rest.take(chunk);
        kept.push(chunk);
      });
    });
    await once(stream.pipe(sink), 'finish');
    all.assertReached(LENGTH);
    rest.assertReached(LENGTH);
    assert.ok(Buffer.concat(kept).equals(expected.subarray(begin)));
  });

  it("a 'data' listener that leaves again makes the stream lend as before", async () => {
    const stream = createPatternStream({ ...options, length: Infinity });
    const reader = new PatternReader(3);
    const sink = stream.pipe(follow(reader));
    for (let round = 0; round < 5; round++) {
      await until(() => stream.stats().slotsLent > 0);
      const listener = (): void => undefined;
      stream.on('data', listener);
      await once(sink, 'drain');
      await until(() => stream.stats().slotsLent === 0);
      stream.removeListener('data', listener);
    }
    await closed(stream.destroy());
    reader.assertReached(reader.offset);
  });

  it("a 'data' listener that 'open' adds gets everything", async () => {
    const stream = createReadStream(folder.fill('file', LENGTH), { slots: 3, slotSize: SIZE });
    const [reader, listener] = [new PatternReader(LENGTH), new PatternReader(LENGTH)];
    stream.on('open', () => stream.on('data', (chunk: Buffer) => listener.take(chunk)));
    const sink = stream.pipe(follow(reader));
    // The first chunk is there before the event loop learns of the opening.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    while (stream.stats().slotsReady < 2);
    await once(sink, 'finish');
    reader.assertReached(LENGTH);
    listener.assertReached(LENGTH);
  });

  for (const paused of [false, true]) {
    it(`a 'readable' listener takes over, ${paused ? 'although the pipe is paused' : 'while the pipe flows'}`, async () => {
      const stream = createPatternStream(options);
      const [reader, rest] = [new PatternReader(3), new PatternReader(3)];
      await new Promise<void>((resolve) => {
        const onWrite = (write: number): void => {
          if (write !== 5) return;
          if (paused) stream.pause();
          resolve();
        };
        // A sink that was full would resume the stream when it drains, as with Node's own pipe().
        stream.pipe(follow(reader, onWrite, paused ? LENGTH + 1 : undefined));
      });
      if (paused) await until(() => stream.stats().slotsReady === 3 && stream.stats().slotsLent === 0);
      stream.on('readable', () => {
        rest.offset ||= position(stream);
        for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null)
          rest.take(chunk);
      });
      await once(stream, 'end');
      rest.assertReached(LENGTH);
    });
  }

  it('read() on a paused pipe takes a chunk away from the sink, as it does in Node', async () => {
    const stream = createPatternStream(options);
    const taken: Buffer[] = [];
    const written: Buffer[] = [];
    const sink = consumer({
      write(chunk: Buffer, _encoding, callback) {
        written.push(Buffer.from(chunk));
        if (written.length % 7 === 0) stream.pause();
        setImmediate(callback);
      },
    });
    stream.pipe(sink);
    stream.on('pause', () => {
      if (sink.writableNeedDrain) return;
      setImmediate(() => {
        const chunk = stream.read() as Buffer | null;
        if (chunk) taken.push(chunk);
        stream.resume();
      });
    });
    await once(sink, 'finish');
    // read() hands a chunk to the 'data' listeners of a pipe, too: nothing is missing there.
    assert.ok(Buffer.concat(written).equals(expected));
    for (const chunk of taken) assert.ok(expected.includes(chunk));
  });

  it('bytes that are put back come first', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(3);
    const bytes: Buffer[] = [];
    const sink = follow(reader, (write) => {
      if (write === 7) stream.unshift(Buffer.from('put back'));
    });
    const write = sink._write.bind(sink);
    sink._write = (chunk: Buffer, encoding, callback) => {
      bytes.push(Buffer.from(chunk));
      write(chunk, encoding, callback);
    };
    await once(stream.pipe(sink), 'finish');
    const all = Buffer.concat(bytes);
    const at = all.indexOf('put back');
    assert.equal(at % SIZE, 0);
    assert.ok(Buffer.concat([all.subarray(0, at), all.subarray(at + 8)]).equals(expected));
  });

  it('what is in the queue when a pipe begins comes first', async () => {
    const stream = createPatternStream(options);
    stream.read(1);
    await until(() => stream.readableLength > 0 && stream.stats().slotsReady === 3);
    const reader = new PatternReader(3);
    await once(stream.pipe(follow(reader)), 'finish');
    reader.assertReached(LENGTH);
  });

  // Node 26.11 hands on past it what is in a stream's queue when it flows.
  for (const [when, drain] of [
    ['at once', (callback: () => void) => callback()],
    ['in the next tick', (callback: () => void) => process.nextTick(callback)],
  ] as const) {
    it(`all of a full stream goes through the write() of a destination that drains ${when}`, async () => {
      const stream = createPatternStream(options);
      await parked(stream);
      const reader = new PatternReader(3);
      const sink = new Writable({ highWaterMark: SIZE, write: (_chunk, _encoding, callback) => drain(callback) });
      const write = sink.write.bind(sink) as (chunk: Buffer) => boolean;
      sink.write = ((chunk: Buffer) => (reader.take(chunk), write(chunk))) as typeof sink.write;
      await once(stream.pipe(sink), 'finish');
      reader.assertReached(LENGTH);
    });
  }

  it('read(n) right after pipe() does not overtake what is in the queue', async () => {
    const stream = createPatternStream(options);
    stream.read(1);
    await until(() => stream.readableLength > 0 && stream.stats().slotsReady === 3);
    const reader = new PatternReader(3);
    const sink = stream.pipe(follow(reader));
    stream.read(3 * SIZE);
    await once(sink, 'finish');
    reader.assertReached(LENGTH);
  });

  it('setEncoding() makes text of all that follows', async () => {
    const stream = createPatternStream(options);
    const bytes: Buffer[] = [];
    const sink = consumer({
      decodeStrings: false,
      write(chunk: Buffer | string, _encoding, callback) {
        bytes.push(typeof chunk === 'string' ? Buffer.from(chunk, 'hex') : Buffer.from(chunk));
        if (bytes.length === 9) stream.setEncoding('hex');
        setImmediate(callback);
      },
    });
    await once(stream.pipe(sink), 'finish');
    assert.ok(Buffer.concat(bytes).equals(expected));
  });

  it('a destination that joins gets all that follows', async () => {
    const stream = createPatternStream(options);
    const [first, second] = [new PatternReader(3), new PatternReader(3)];
    const late = follow(second);
    const sink = follow(first, (write) => {
      if (write !== 10) return;
      second.offset = position(stream);
      stream.pipe(late);
    });
    await Promise.all([once(stream.pipe(sink), 'finish'), once(late, 'finish')]);
    first.assertReached(LENGTH);
    second.assertReached(LENGTH);
  });

  it('a pipe can be moved from sink to sink, full or not', async () => {
    const stream = createPatternStream(options);
    const stops: { sink: Writable; reader: PatternReader; begin: number }[] = [];
    const move = (): void => {
      const begin = position(stream);
      const reader = new PatternReader(3, begin);
      const sink = follow(reader, (write) => {
        if (write !== 4) return;
        stream.unpipe(sink);
        move();
      });
      stops.push({ sink, reader, begin });
      stream.pipe(sink, { end: false });
    };
    move();
    await once(stream, 'end');
    await until(() => stops.every(({ sink }) => sink.writableLength === 0));
    stops.forEach(({ reader }, index) => reader.assertReached(stops[index + 1]?.begin ?? LENGTH));
    assert.ok(stops.length > 10);
  });

  it('for await goes on where the sink stopped', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(3);
    const sink = follow(reader, (write) => write === 6 && stream.unpipe(sink));
    await once(stream.pipe(sink), 'unpipe');
    const begin = position(stream);
    assert.ok((await bytesOf(stream)).equals(expected.subarray(begin)));
    await new Promise((resolve) => sink.end(resolve));
    reader.assertReached(begin);
  });
});

/** toWeb() beside other readers, and its options. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { createPatternStream, type ProducerStream } from 'slipring';

import { PatternReader } from '../helpers/pattern';
import { closed, parked } from '../helpers/waiting';
import { fillBytes, readChunks } from './helpers/reading';

const LENGTH = 50_000;
const options = { seed: 1, length: LENGTH, slots: 3, slotSize: 1000 };
const busy = { code: 'ERR_SLIPRING_BUSY' };

describe('toWeb()', () => {
  it('has the stream alone: another toWeb(), slots() and pipe() throw, and it goes on', async () => {
    const stream = createPatternStream(options);
    const web = stream.toWeb();
    assert.throws(() => stream.toWeb(), busy);
    assert.throws(() => stream.slots(), busy);
    assert.throws(() => stream.pipe(new PassThrough()), busy);
    const reader = new PatternReader(1);
    await readChunks(web, reader);
    reader.assertReached(LENGTH);
  });

  it('throws when slots() has the stream', async () => {
    const stream = createPatternStream(options);
    stream.slots();
    assert.throws(() => stream.toWeb(), busy);
    await closed(stream.destroy());
  });

  it('fails when somebody reads beside it, who fails too', async () => {
    const stream = createPatternStream(options);
    const reader = stream.toWeb().getReader();
    await reader.read();
    const other = stream[Symbol.asyncIterator]().next();
    await assert.rejects(other, busy);
    await assert.rejects(reader.read(), busy);
    await closed(stream);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('is locked by its reader, as every web stream', async () => {
    const stream = createPatternStream(options);
    const web = stream.toWeb();
    assert.equal(web.locked, false);
    const reader = web.getReader();
    assert.equal(web.locked, true);
    assert.throws(() => web.getReader(), TypeError);
    await assert.rejects(web.cancel(), TypeError);
    await reader.cancel();
    await closed(stream);
  });

  const readers: Record<string, (stream: ProducerStream, take: (chunk: unknown) => void) => unknown> = {
    'has read a chunk': (stream, take) => once(stream, 'readable').then(() => take(stream.read())),
    'has paused it': (stream) => stream.pause(),
    'has put bytes back': async (stream) => {
      await once(stream, 'readable');
      stream.unshift(stream.read());
    },
  };
  for (const [name, read] of Object.entries(readers)) {
    it(`gives the rest when somebody ${name}, as Readable.toWeb()`, async () => {
      const stream = createPatternStream(options);
      const reader = new PatternReader(1);
      await read(stream, (chunk) => reader.take(chunk));
      stream.removeAllListeners('readable');
      await readChunks(stream.toWeb(), reader);
      reader.assertReached(LENGTH);
    });
  }

  it("shares chunks with a 'data' listener that was there before, as Readable.toWeb()", async () => {
    const stream = createPatternStream(options);
    const listener = new PatternReader(1);
    stream.on('data', (chunk) => listener.take(chunk));
    const reader = new PatternReader(1);
    await readChunks(stream.toWeb(), reader);
    reader.assertReached(LENGTH);
    listener.assertReached(LENGTH);
  });

  it('fills views also when somebody has read the stream before', async () => {
    const stream = createPatternStream(options);
    stream.pause();
    const reader = new PatternReader(1);
    await fillBytes(stream.toWeb(), reader, 1500);
    reader.assertReached(LENGTH);
  });

  it('leaves the chunks of others alone, and stops with them: backpressure is for all', async () => {
    const stream = createPatternStream(options);
    const kept: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => kept.push(chunk));
    const reader = stream.toWeb().getReader();
    await reader.read();
    assert.equal(kept[0]?.length, 1000);
    await parked(stream);
    assert.ok(kept.length <= 2);
    await reader.cancel();
    await closed(stream);
  });

  it('leaves Readable.toWeb() as it is', async () => {
    const reader = new PatternReader(1);
    await readChunks(Readable.toWeb(createPatternStream(options)) as ReadableStream<Uint8Array>, reader);
    reader.assertReached(LENGTH);
  });

  it('gives strings when the stream has an encoding', async () => {
    const stream = createPatternStream({ ...options, encoding: 'latin1' });
    const reader = new PatternReader(1);
    for await (const text of stream.toWeb<string>()) reader.take(Buffer.from(text, 'latin1'));
    reader.assertReached(LENGTH);
  });

  it('gives a stream of bytes, unless a strategy counts something else', async () => {
    for (const given of [undefined, {}, { type: 'bytes' as const }, { strategy: { highWaterMark: 1 } }]) {
      const stream = createPatternStream(options);
      await stream.toWeb(given).getReader({ mode: 'byob' }).cancel();
      await closed(stream);
    }
    const stream = createPatternStream(options);
    const web = stream.toWeb({ strategy: new CountQueuingStrategy({ highWaterMark: 1 }) });
    assert.throws(() => web.getReader({ mode: 'byob' }), TypeError);
    await web.cancel();
    await closed(stream);
  });

  it('refuses options that mean nothing, and leaves the stream to others', async () => {
    const stream = createPatternStream(options);
    const type = { code: 'ERR_INVALID_ARG_TYPE' };
    const value = { code: 'ERR_INVALID_ARG_VALUE' };
    for (const wrong of [null, 5, 'bytes']) assert.throws(() => stream.toWeb(wrong as never), type);
    for (const wrong of ['text', null, 1]) assert.throws(() => stream.toWeb({ type: wrong as never }), value);
    assert.throws(() => stream.toWeb({ strategy: { highWaterMark: -1 } }));
    assert.throws(() => stream.toWeb({ type: 'bytes', strategy: new CountQueuingStrategy({ highWaterMark: 1 }) }));
    const encoded = createPatternStream({ ...options, encoding: 'utf8' });
    assert.throws(() => encoded.toWeb({ type: 'bytes' }), value);
    await closed(encoded.destroy());
    const reader = new PatternReader(1);
    await readChunks(stream.toWeb(), reader);
    reader.assertReached(LENGTH);
  });

  it('fails with what a strategy throws, and so does nothing stay open', async () => {
    const size = (): number => {
      throw new Error('on purpose');
    };
    for (const touch of [() => undefined, (stream: ProducerStream) => void stream.pause()]) {
      const stream = createPatternStream(options);
      touch(stream);
      const web = stream.toWeb({ strategy: { size, highWaterMark: 1 } });
      await closed(stream);
      await assert.rejects(web.getReader().read(), { message: 'on purpose' });
    }
  });

  it('fails when somebody sets an encoding although bytes were asked for', async () => {
    const stream = createPatternStream(options);
    stream.pause();
    const web = stream.toWeb();
    stream.setEncoding('latin1');
    await assert.rejects(web.getReader().read(), TypeError);
    await closed(stream);
  });
});

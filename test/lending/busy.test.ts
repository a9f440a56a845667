/** slots() needs the stream alone; whoever comes second is told so. */
import { strict as assert } from 'node:assert';
import { PassThrough } from 'node:stream';
import { createPatternStream, type ProducerStream } from 'slipring';

import { PatternReader } from '../helpers/pattern';
import { closed, parked, until } from '../helpers/waiting';

const options = { seed: 1, length: 50_000, slots: 3, slotSize: 1000 };
const busy = { code: 'ERR_SLIPRING_BUSY' };

const readers: Record<string, (stream: ProducerStream) => unknown> = {
  'slots() has it already': (stream) => stream.slots(),
  "a 'data' listener reads it": (stream) => stream.on('data', () => undefined),
  "a 'readable' listener reads it": (stream) => stream.on('readable', () => undefined),
  'it is piped': (stream) => stream.pipe(new PassThrough()),
  'it was resumed': (stream) => stream.resume(),
  'it was paused': (stream) => stream.pause(),
  'somebody has called read()': (stream) => stream.read(),
  'a for await loop reads it': (stream) => stream[Symbol.asyncIterator]().next(),
  'bytes were put back into it': (stream) => stream.unshift(Buffer.from('x')),
};

describe('ERR_SLIPRING_BUSY', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`is what slots() throws when ${name}`, async () => {
      const stream = createPatternStream(options);
      await read(stream);
      assert.throws(() => stream.slots(), busy);
      await closed(stream.destroy());
    });
  }

  it('is what slots() throws when read() has left a chunk in the queue', async () => {
    const stream = createPatternStream(options);
    stream.read(0);
    await until(() => stream.readableLength > 0);
    assert.throws(() => stream.slots(), busy);
    await closed(stream.destroy());
  });

  it('is what pipe() throws when slots() has the stream, which goes on', async () => {
    const stream = createPatternStream(options);
    const reader = new PatternReader(1);
    for await (const slot of stream.slots()) {
      assert.throws(() => stream.pipe(new PassThrough()), busy);
      reader.take(slot.data);
    }
    reader.assertReached(options.length);
  });

  it('is what the loop and the other reader get when one reads beside slots()', async () => {
    const stream = createPatternStream(options);
    const loop = stream.slots();
    await loop.next();
    const other = stream[Symbol.asyncIterator]().next();
    await assert.rejects(other, busy);
    await assert.rejects(loop.next(), busy);
    await closed(stream);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('is not thrown after stats(), pause-free waiting, or setting an encoding', async () => {
    const stream = createPatternStream(options);
    await parked(stream);
    stream.stats();
    stream.setEncoding('utf8');
    const reader = new PatternReader(1);
    for await (const slot of stream.slots()) reader.take(slot.data);
    reader.assertReached(options.length);
  });
});

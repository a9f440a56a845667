/** UDP streams as web streams, and for node:stream/iter. */
import { strict as assert } from 'node:assert';
import { Readable } from 'node:stream';
import type { Datagram, UdpStream } from 'slipring';

import { closed, until } from '../helpers/waiting';
import { texts, udpEnds } from './helpers/ends';
import { numbers, type Sender } from './helpers/sender';
import { describeWithUdp } from './helpers/where';

const toAsyncStreamable = Symbol.for('Stream.toAsyncStreamable');
const toStreamable = Symbol.for('Stream.toStreamable');

function call(object: object, method: symbol): unknown {
  return Reflect.apply(Reflect.get(object, method) as () => unknown, object, []);
}

describeWithUdp('toWeb() of a UDP stream', () => {
  const ends = udpEnds();
  let sender: Sender;
  let stream: UdpStream;
  beforeEach(async () => {
    sender = await ends.sender();
    stream = await ends.open({ recvBufferSize: 1_000_000 });
  });

  async function firstOf(web: ReadableStream<Datagram>, count: number): Promise<Datagram[]> {
    const datagrams: Datagram[] = [];
    for await (const datagram of web) {
      datagrams.push(datagram);
      if (datagrams.length === count) break;
    }
    return datagrams;
  }

  it('gives one chunk for each datagram, with where it came from, and an empty one, too', async () => {
    await sender.sendAll(['one', '', 'three'], stream);
    const datagrams = await firstOf(stream.toWeb(), 3);
    assert.deepEqual(texts(datagrams), ['one', '', 'three']);
    for (const { remotePort } of datagrams) assert.equal(remotePort, sender.port);
    await closed(stream);
    assert.equal(stream.stats().chunksDelivered, 3);
  });

  it('takes no more from the ring than is asked for', async () => {
    await sender.sendAll(numbers(20), stream);
    const reader = stream.toWeb().getReader();
    await until(() => stream.stats().chunksProduced === 20);
    assert.equal(stream.stats().chunksDelivered, 0);
    for (let i = 0; i < 10; i++) await reader.read();
    assert.equal(stream.stats().chunksDelivered, 10);
    await reader.cancel();
    await closed(stream);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('keeps as many as the strategy says', async () => {
    await sender.sendAll(numbers(100), stream);
    const web = stream.toWeb({ strategy: new CountQueuingStrategy({ highWaterMark: 7 }) });
    await until(() => stream.stats().chunksDelivered === 7);
    assert.deepEqual(texts(await firstOf(web, 100)).length, 100);
  });

  it('is no stream of bytes', async () => {
    assert.throws(() => stream.toWeb({ type: 'bytes' }), { code: 'ERR_INVALID_ARG_VALUE' });
    const web = stream.toWeb();
    assert.throws(() => web.getReader({ mode: 'byob' }), TypeError);
    await web.cancel();
  });

  it('gives the rest when somebody has read the stream before', async () => {
    stream.pause();
    await sender.sendAll(numbers(10), stream);
    assert.equal((await firstOf(stream.toWeb(), 10)).length, 10);
  });

  it('leaves Readable.toWeb() as it is', async () => {
    await sender.sendAll(numbers(10), stream);
    assert.equal((await firstOf(Readable.toWeb(stream) as ReadableStream<Datagram>, 10)).length, 10);
  });

  it('gives the bytes of all datagrams that are there as one batch of 128 at most, by the protocol of stream/iter', async () => {
    // What does not fit into the only slot waits in the system's buffer, and then comes into it as a whole.
    stream = await ends.open({ recvBufferSize: 1_000_000, slots: 1 });
    await sender.sendAll(numbers(300), stream);
    const sizes: number[] = [];
    const got: string[] = [];
    for await (const batch of call(stream, toAsyncStreamable) as AsyncIterable<Buffer[]>) {
      sizes.push(batch.length);
      for (const bytes of batch) {
        got.push(bytes.toString());
        assert.equal(bytes.buffer.byteLength, bytes.length);
      }
      if (got.length === 300) break;
    }
    assert.deepEqual(got, numbers(300));
    assert.equal(Math.max(...sizes), 128);
    assert.ok(sizes.length <= 6, `batches of ${sizes.join()}`);
    await closed(stream);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('has datagrams that are bytes for stream/iter themselves', async () => {
    await sender.send('bytes', stream);
    const [datagram] = await firstOf(stream.toWeb(), 1);
    assert.equal(String(call(datagram as Datagram, toStreamable)), 'bytes');
  });
});

/** createUdpStream(): what a datagram is, whatever its size, its sender and its family. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { inspect } from 'node:util';
import type { Datagram, UdpStream, UdpStreamOptions } from 'slipring';

import { closed, turn, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { oneEach, received, texts, udpEnds } from './helpers/ends';
import { numbers, settled, type Sender } from './helpers/sender';
import { describeWithUdp, hasIpv6 } from './helpers/where';

const itWithIpv6 = itWhere(hasIpv6, 'there is no IPv6 here');

describeWithUdp('a UDP stream', () => {
  const ends = udpEnds();
  let sender: Sender;
  let stream: UdpStream;
  beforeEach(async () => {
    sender = await ends.sender();
  });

  async function open(options?: UdpStreamOptions): Promise<void> {
    stream = await ends.open(options);
  }

  async function next(): Promise<Datagram> {
    const [datagram] = (await once(stream, 'data')) as [Datagram];
    return datagram;
  }

  it('delivers a Datagram with bytes, sender and time', async () => {
    await open();
    const before = BigInt(Date.now()) * 1_000_000n;
    await sender.send('hello', stream);
    const datagram = await next();
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    assert.ok(Buffer.isBuffer(datagram.data));
    assert.equal(datagram.data.toString(), 'hello');
    assert.deepEqual(
      [datagram.remoteAddress, datagram.remotePort, datagram.remoteFamily, datagram.truncated],
      ['127.0.0.1', sender.port, 'IPv4', false],
    );
    // The two clocks are one, but Date.now() is cut to milliseconds.
    assert.ok(datagram.timestamp >= before && datagram.timestamp <= after, String(datagram.timestamp));
  });

  it('delivers Datagrams that show everything to console.log()', async () => {
    await open();
    await sender.send('hello', stream);
    const datagram = await next();
    const { data, remoteAddress, remotePort, remoteFamily, timestamp, truncated } = datagram;
    const all = { data, remoteAddress, remotePort, remoteFamily, timestamp, truncated };
    assert.equal(inspect(datagram), `Datagram ${inspect(all)}`);
  });

  it('gives the event loop its turn after two slots, however many are full', async () => {
    await open({ slots: 16, slotSize: 1000 });
    // More than the ring holds, and no more beyond that than the smallest of default receive buffers does.
    const count = 120;
    await sender.sendAll(numbers(count, 200), stream);
    await until(() => stream.stats().producerWaits > 0);
    let datagrams = 0;
    let most = 0;
    stream.on('data', () => datagrams++);
    while (stream.stats().chunksDelivered < count) {
      await turn();
      most = Math.max(most, datagrams);
      datagrams = 0;
    }
    // Five at most fit into a slot, and a turn as we see it can have the end of one budget and the start of the next.
    assert.ok(most <= 2 * 2 * 5, `${most} came in one turn`);
  });

  it('fills a quarter of its slots ahead, and more of them once the consumer falls behind', async () => {
    await open(oneEach);
    await sender.sendAll(numbers(200), stream);
    await until(() => stream.stats().producerWaits === 1);
    assert.equal(stream.stats().slotsReady, 64);
    stream.once('data', () => stream.pause());
    await until(() => stream.stats().slotsReady > 100);
  });

  it('fills all of its slots ahead when it was told how many they are', async () => {
    await open({ ...oneEach, slots: 100 });
    await sender.sendAll(numbers(200), stream);
    await until(() => stream.stats().producerWaits === 1);
    assert.equal(stream.stats().slotsReady, 100);
  });

  it('fills all of its slots ahead when some of what comes may be dropped', async () => {
    await open({ ...oneEach, overflow: 'drop-newest' });
    await sender.sendAll(numbers(300), stream);
    await until(() => stream.stats().droppedChunks > 0);
    assert.equal(stream.stats().slotsReady, 256);
  });

  it('tells senders apart, and knows each again', async () => {
    await open();
    const senders = [sender, await ends.sender(), await ends.sender({ address: '127.0.0.2' })];
    const expected: [string, number][] = [];
    for (const i of [0, 1, 2, 1, 0, 0, 2]) {
      const one = senders[i] as Sender;
      await one.send('x', stream, '127.0.0.1');
      expected.push([i === 2 ? '127.0.0.2' : '127.0.0.1', one.port]);
    }
    const got = received(stream);
    await settled(stream, expected.length);
    assert.deepEqual(
      got.map(({ remoteAddress, remotePort }) => [remoteAddress, remotePort]),
      expected,
    );
  });

  itWithIpv6('of type udp6 writes addresses as Node does', async () => {
    await open({ type: 'udp6' });
    assert.deepEqual(stream.address(), { address: '::1', family: 'IPv6', port: stream.address().port });
    const ipv6 = await ends.sender({ type: 'udp6' });
    await ipv6.send('six', stream);
    const { data, remoteAddress, remoteFamily, remotePort } = await next();
    assert.deepEqual([data.toString(), remoteAddress, remoteFamily, remotePort], ['six', '::1', 'IPv6', ipv6.port]);
  });

  itWithIpv6('that is bound to :: gets IPv4, too, unless it is ipv6Only', async () => {
    await open({ type: 'udp6', address: '::' });
    await sender.send('four', stream, '127.0.0.1');
    assert.equal((await next()).remoteAddress, '::ffff:127.0.0.1');
    await closed(stream.destroy());
    await open({ type: 'udp6', address: '::', ipv6Only: true });
    const { port } = stream.address();
    await ends.open({ port }); // it is free for IPv4
  });

  it('delivers the largest datagram there is, whole, also beside small ones', async () => {
    await open({ recvBufferSize: 1_000_000 });
    const large = Buffer.alloc(65507, 'large');
    await sender.sendAll(['before', large, 'after', large], stream);
    const got = received(stream);
    await settled(stream, 4);
    assert.deepEqual(
      got.map(({ data }) => data.length),
      [6, 65507, 5, 65507],
    );
    assert.ok(got[1]?.data.equals(large) && got[3]?.data.equals(large));
    assert.equal(stream.stats().truncated, 0);
  });

  it('delivers empty datagrams', async () => {
    await open();
    await sender.sendAll(['', 'x', ''], stream);
    const got = received(stream);
    await settled(stream, 3);
    assert.deepEqual(texts(got), ['', 'x', '']);
    assert.equal(stream.stats().bytesDelivered, 1);
  });

  it('cuts what is longer than maxDatagramSize, flags it and counts it', async () => {
    await open({ maxDatagramSize: 4 });
    await sender.sendAll(['1234', '12345', '1'], stream);
    const got = received(stream);
    await settled(stream, 3);
    assert.deepEqual(texts(got), ['1234', '1234', '1']);
    assert.deepEqual(
      got.map(({ truncated }) => truncated),
      [false, true, false],
    );
    assert.equal(stream.stats().truncated, 1);
  });

  it('delivers datagrams of their own memory, and nothing else in it', async () => {
    await open();
    await sender.sendAll([...numbers(100), Buffer.alloc(20_000, 1)], stream);
    const got = received(stream);
    await settled(stream, 101);
    for (const { data } of got) assert.equal(data.buffer.byteLength, data.length);
    const before = texts(got);
    await sender.sendAll(numbers(100, 8, 500), stream);
    await settled(stream, 201);
    assert.deepEqual(texts(got.slice(0, 101)), before);
    (got[0] as Datagram).data.fill('x');
    assert.equal((got[1] as Datagram).data.toString(), '1       ');
  });

  for (const way of ['for await', "'readable'", 'read after a pause'] as const) {
    it(`gives each datagram once, in order, to ${way}`, async () => {
      await open({ slots: 3, slotSize: 400, recvBufferSize: 1_000_000 });
      const sent = numbers(300);
      const got: Datagram[] = [];
      const sending = sender.sendAll(sent, stream);
      if (way === 'for await') {
        for await (const datagram of stream) {
          got.push(datagram);
          if (got.length === 300) break;
        }
      } else {
        if (way === "'readable'") {
          stream.on('readable', () => {
            for (let one: unknown; (one = stream.read()) !== null;) got.push(one as Datagram);
          });
        } else {
          stream.on('data', (datagram: Datagram) => {
            got.push(datagram);
            stream.pause();
            setImmediate(() => stream.resume());
          });
        }
        await settled(stream, 300);
        while (got.length < 300) await turn();
      }
      await sending;
      assert.deepEqual(texts(got), sent);
    });
  }
});

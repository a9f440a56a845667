/** createUdpStream(): what a datagram is, whatever its size, its sender and its family. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { createUdpStream, type Datagram, type UdpStream, type UdpStreamOptions } from 'slipring';

import { itWhere, onWindows } from '../helpers/where';
import { closed, turn } from '../helpers/waiting';
import { listening, numbers, Sender, settled } from './helpers/sending';

const it = itWhere(!onWindows, 'Windows has no UDP streams');
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const itWithIpv6 = itWhere(!onWindows && hasIpv6, 'there is no IPv6 here');

describe('a UDP stream', () => {
  let sender: Sender;
  let stream: UdpStream;
  beforeEach(async () => {
    sender = await new Sender().open();
  });
  afterEach(async () => {
    sender.close();
    if (stream) await closed(stream.destroy());
  });

  async function open(options: UdpStreamOptions = {}): Promise<UdpStream> {
    stream = await listening(createUdpStream(options));
    return stream;
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

  it('tells senders apart, and knows each again', async () => {
    await open();
    const senders = [sender, await new Sender().open(), await new Sender().open({ address: '127.0.0.2' })];
    const expected: [string, number][] = [];
    for (const i of [0, 1, 2, 1, 0, 0, 2]) {
      const one = senders[i] as Sender;
      await one.send('x', stream, '127.0.0.1');
      expected.push([i === 2 ? '127.0.0.2' : '127.0.0.1', one.port]);
    }
    const got: [string, number][] = [];
    stream.on('data', ({ remoteAddress, remotePort }: Datagram) => got.push([remoteAddress, remotePort]));
    await settled(stream, expected.length);
    assert.deepEqual(got, expected);
    for (const other of senders.slice(1)) other.close();
  });

  itWithIpv6('of type udp6 writes addresses as Node does', async () => {
    await open({ type: 'udp6' });
    assert.deepEqual(stream.address(), { address: '::1', family: 'IPv6', port: stream.address().port });
    const ipv6 = await new Sender('udp6').open();
    await ipv6.send('six', stream);
    const { data, remoteAddress, remoteFamily, remotePort } = await next();
    assert.deepEqual([data.toString(), remoteAddress, remoteFamily, remotePort], ['six', '::1', 'IPv6', ipv6.port]);
    ipv6.close();
  });

  itWithIpv6('that is bound to :: gets IPv4, too, unless it is ipv6Only', async () => {
    await open({ type: 'udp6', address: '::' });
    await sender.send('four', stream, '127.0.0.1');
    assert.equal((await next()).remoteAddress, '::ffff:127.0.0.1');
    await closed(stream.destroy());
    await open({ type: 'udp6', address: '::', ipv6Only: true });
    const { port } = stream.address();
    const other = await listening(createUdpStream({ port })); // the port is free for IPv4
    await closed(other.destroy());
  });

  it('delivers the largest datagram there is, whole, also beside small ones', async () => {
    await open({ recvBufferSize: 1_000_000 });
    const large = Buffer.alloc(65507, 'large');
    await sender.sendAll(['before', large, 'after', large], stream);
    const got: Datagram[] = [];
    stream.on('data', (datagram: Datagram) => got.push(datagram));
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
    const got: string[] = [];
    stream.on('data', ({ data }: Datagram) => got.push(data.toString()));
    await settled(stream, 3);
    assert.deepEqual(got, ['', 'x', '']);
    assert.equal(stream.stats().bytesDelivered, 1);
  });

  it('cuts what is longer than maxDatagramSize, flags it and counts it', async () => {
    await open({ maxDatagramSize: 4 });
    await sender.sendAll(['1234', '12345', '1'], stream);
    const got: [string, boolean][] = [];
    stream.on('data', ({ data, truncated }: Datagram) => got.push([data.toString(), truncated]));
    await settled(stream, 3);
    assert.deepEqual(got, [
      ['1234', false],
      ['1234', true],
      ['1', false],
    ]);
    assert.equal(stream.stats().truncated, 1);
  });

  it('delivers datagrams of their own memory, which keep little else', async () => {
    await open();
    await sender.sendAll([...numbers(100), Buffer.alloc(20_000, 1)], stream);
    const got: Datagram[] = [];
    stream.on('data', (datagram: Datagram) => got.push(datagram));
    await settled(stream, 101);
    for (const { data } of got) assert.ok(data.buffer.byteLength <= Math.max(8192, data.length));
    const texts = got.map(({ data }) => data.toString());
    await sender.sendAll(numbers(100, 8, 500), stream);
    await settled(stream, 201);
    assert.deepEqual(
      got.slice(0, 101).map(({ data }) => data.toString()),
      texts,
    );
    (got[0] as Datagram).data.fill('x');
    assert.equal((got[1] as Datagram).data.toString(), '1       ');
  });

  for (const way of ['for await', "'readable'", 'read after a pause'] as const) {
    it(`gives each datagram once, in order, to ${way}`, async () => {
      await open({ slots: 3, slotSize: 400, recvBufferSize: 1_000_000 });
      const sent = numbers(300);
      const got: string[] = [];
      const add = (datagram: Datagram): unknown => got.push(datagram.data.toString().trim());
      const sending = sender.sendAll(sent, stream);
      if (way === 'for await') {
        for await (const datagram of stream) {
          add(datagram);
          if (got.length === 300) break;
        }
      } else {
        if (way === "'readable'") {
          stream.on('readable', () => {
            for (let one: unknown; (one = stream.read()) !== null;) add(one as Datagram);
          });
        } else {
          stream.on('data', (datagram: Datagram) => {
            add(datagram);
            stream.pause();
            setImmediate(() => stream.resume());
          });
        }
        await settled(stream, 300);
        while (got.length < 300) await turn();
      }
      await sending;
      assert.deepEqual(
        got,
        sent.map((text) => text.trim()),
      );
    });
  }
});

/** The socket: where it is bound, with whom it shares that, which groups it joins, and how it fails. */
import { strict as assert } from 'node:assert';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { createUdpStream, type Membership, type UdpStream, type UdpStreamOptions } from 'slipring';

import { onLinux } from '../helpers/process';
import { closed, until } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';
import { received, texts, udpEnds } from './helpers/ends';
import { settled } from './helpers/sender';
import { describeWithUdp, hasIpv6, ipv6Link, loopback } from './helpers/where';

const itOnLinux = itWhere(onLinux, 'other systems have other rules');
const itOnWindows = itWhere(onWindows, 'only Windows has no UDP streams');
const itOnLinuxWithIpv6 = itWhere(onLinux && hasIpv6, 'this is not Linux with IPv6');

describeWithUdp('the socket of a UDP stream', () => {
  const ends = udpEnds();

  async function failure(options: UdpStreamOptions): Promise<NodeJS.ErrnoException> {
    const [error] = (await once(ends.create(options), 'error')) as [NodeJS.ErrnoException];
    return error;
  }

  /** What each of the streams gets until all of them together have got as many as `all`. */
  async function textsOf(streams: UdpStream[], all: number): Promise<string[][]> {
    const got = streams.map(received);
    await until(() => got.flat().length === all);
    return got.map(texts);
  }

  it('is bound to a free port of the loopback address by default, and says so', async () => {
    const stream = ends.create();
    assert.throws(() => stream.address(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
    await once(stream, 'listening');
    const { address, family, port } = stream.address();
    assert.deepEqual([address, family], ['127.0.0.1', 'IPv4']);
    assert.ok(port > 0);
    await closed(stream.destroy());
    assert.throws(() => stream.address(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
  });

  it('has an address like that of a socket of node:dgram', async () => {
    const stream = await ends.open({ address: '0.0.0.0' });
    const socket = dgram.createSocket('udp4').bind(0);
    await once(socket, 'listening');
    assert.deepEqual({ ...stream.address(), port: 0 }, { ...socket.address(), port: 0 });
    socket.close();
  });

  it('fails to bind as a socket of node:dgram does', async () => {
    const { port } = (await ends.open()).address();
    const socket = dgram.createSocket('udp4').bind(port, '127.0.0.1');
    const [theirs] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    const ours = await failure({ port });
    assert.deepEqual(Object.entries(ours), Object.entries(theirs));
    assert.deepEqual([ours.code, ours.syscall], ['EADDRINUSE', 'bind']);
    socket.close();
    const foreign = await failure({ address: '192.0.2.1' });
    assert.deepEqual([foreign.code, foreign.syscall], ['EADDRNOTAVAIL', 'bind']);
    assert.deepEqual(Object.entries(foreign).at(-1), ['address', '192.0.2.1']);
  });

  itOnLinux('is shared with reuseAddr, and with reusePort', async () => {
    for (const share of [{ reuseAddr: true }, { reusePort: true }]) {
      const { port } = (await ends.open(share)).address();
      await ends.open({ ...share, port });
      assert.equal((await failure({ port })).code, 'EADDRINUSE');
    }
  });

  it('gets what is sent to a group that it joined, on an interface by name or by address', async () => {
    for (const on of ['127.0.0.1']) {
      const membership: Membership = { address: '239.255.11.7', interface: on };
      const stream = await ends.open({ multicast: membership });
      const sender = await ends.sender({ groups: true });
      await sender.send('to all', stream, '239.255.11.7');
      assert.deepEqual(await textsOf([stream], 1), [['to all']]);
    }
  });

  itOnLinux('is bound to the only group it joins, to everything when there are several', async () => {
    const joining = (address: string): Membership => ({ address, interface: '127.0.0.1' });
    const one = await ends.open({ multicast: [joining('239.255.11.7')] });
    assert.equal(one.address().address, '239.255.11.7');
    const two = await ends.open({ multicast: [joining('239.255.11.7'), joining('239.255.11.8')] });
    assert.equal(two.address().address, '0.0.0.0');
    const sender = await ends.sender({ groups: true });
    const got = textsOf([two], 2);
    for (const group of ['239.255.11.7', '239.255.11.8']) await sender.send(group, two, group);
    assert.deepEqual(await got, [['239.255.11.7', '239.255.11.8']]);
  });

  itOnLinux('gets the same datagrams as others that joined the group on the same port', async () => {
    const shared = { reuseAddr: true, multicast: { address: '239.255.11.7', interface: '127.0.0.1' } };
    const first = await ends.open(shared);
    const second = await ends.open({ ...shared, port: first.address().port });
    const sender = await ends.sender({ groups: true });
    await sender.send('to both', first, '239.255.11.7');
    assert.deepEqual(await textsOf([first, second], 2), [['to both'], ['to both']]);
  });

  const threeGroups = {
    udp4: { link: loopback, addresses: ['239.255.11.7', '239.255.11.8', '239.255.11.9'] },
    udp6: { link: ipv6Link, addresses: ['ff02::1:7', 'ff02::1:8', 'ff02::1:9'] },
  } as const;
  for (const type of ['udp4', 'udp6'] as const) {
    const { link, addresses } = threeGroups[type];
    const where = itWhere(onLinux && link !== undefined, 'this is not Linux with such an interface');
    where(`of type ${type} does not get what is sent to a group that only others joined`, async () => {
      const shared = { type, reuseAddr: true };
      const [first, second, foreign] = addresses.map((address) => ({ address, interface: link }));
      const ours = await ends.open({ ...shared, multicast: [first, second] as Membership[] });
      const others = await ends.open({ ...shared, port: ours.address().port, multicast: foreign });
      const sender = await ends.sender({
        type,
        address: type === 'udp6' ? '::' : undefined,
        groups: type === 'udp4' || link,
      });
      const [a, b, c] = addresses;
      for (const group of [c, a, c, b]) await sender.send(group, ours, group);
      assert.deepEqual(await textsOf([ours, others], 4), [
        [a, b],
        [c, c],
      ]);
    });
  }

  itOnLinux('hears only the source of a group that it joined with one', async () => {
    const group = '239.255.11.7';
    const stream = await ends.open({ multicast: { address: group, interface: '127.0.0.1', source: '127.0.0.2' } });
    const wrong = await ends.sender({ groups: true });
    const right = await ends.sender({ address: '127.0.0.2', groups: true });
    await wrong.send('wrong', stream, group);
    await right.send('right', stream, group);
    await wrong.send('wrong', stream, group);
    await right.send('last', stream, group);
    assert.deepEqual(await textsOf([stream], 2), [['right', 'last']]);
  });

  itOnLinuxWithIpv6('joins IPv6 groups', async () => {
    const stream = await ends.open({ type: 'udp6', multicast: { address: 'ff01::1:7', interface: loopback } });
    assert.equal(stream.address().family, 'IPv6');
  });

  it('fails when it cannot join', async () => {
    for (const on of ['no-such-interface', '192.0.2.1']) {
      const error = await failure({ multicast: { address: '239.255.11.7', interface: on } });
      assert.deepEqual([error.code, error.syscall], ['ENODEV', 'addMembership']);
    }
    const notGroup = await failure({ multicast: { address: '127.0.0.1', interface: loopback } });
    assert.equal(notGroup.syscall, 'addMembership');
  });

  itOnLinux('has the buffer that recvBufferSize asks for', async () => {
    const sender = await ends.sender();
    const kept = async (recvBufferSize: number): Promise<number> => {
      const stream = await ends.open({ recvBufferSize, slots: 1, slotSize: 104 });
      for (let i = 0; i < 200; i++) await sender.send('12345678', stream);
      stream.resume();
      await settled(stream, 200);
      return stream.stats().chunksDelivered;
    };
    assert.ok((await kept(1)) < 100);
    assert.equal(await kept(1_000_000), 200);
  });
});

describe('createUdpStream()', () => {
  itOnWindows('is not there: it throws', () => {
    assert.throws(() => createUdpStream(), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
  });
});

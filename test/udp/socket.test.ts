/** The socket: where it is bound, with whom it shares that, which groups it joins, and how it fails. */
import { strict as assert } from 'node:assert';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { createUdpStream, type Datagram, type Membership, type UdpStream, type UdpStreamOptions } from 'slipring';

import { onLinux } from '../helpers/process';
import { closed } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';
import { listening, Sender, settled } from './helpers/sending';

const it = itWhere(!onWindows, 'Windows has no UDP streams');
const itOnLinux = itWhere(onLinux, 'other systems have other rules');
const itOnWindows = itWhere(onWindows, 'only Windows has no UDP streams');
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const itWithIpv6 = itWhere(onLinux && hasIpv6, 'there is no IPv6 here');

const loopback = Object.entries(networkInterfaces()).find(([, all]) => all?.some(({ internal }) => internal))?.[0];

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  return undefined;
}

describe('the socket of a UDP stream', () => {
  const streams: UdpStream[] = [];
  afterEach(async () => {
    for (const stream of streams.splice(0)) await closed(stream.destroy());
  });

  function create(options: UdpStreamOptions = {}): UdpStream {
    const stream = createUdpStream(options);
    streams.push(stream);
    return stream;
  }

  const open = (options: UdpStreamOptions = {}): Promise<UdpStream> => listening(create(options));

  async function failure(options: UdpStreamOptions): Promise<NodeJS.ErrnoException> {
    const [error] = (await once(create(options), 'error')) as [NodeJS.ErrnoException];
    return error;
  }

  /** What each of the streams got, when all of them together got as many as `all`. */
  async function texts(several: UdpStream[], all: number): Promise<string[][]> {
    const got = several.map((stream) => {
      const own: string[] = [];
      stream.on('data', ({ data }: Datagram) => own.push(data.toString()));
      return own;
    });
    let left = all;
    await new Promise<void>((resolve) => {
      const count = (): void => {
        if (--left === 0) resolve();
      };
      for (const stream of several) stream.on('data', count);
    });
    return got;
  }

  it('is bound to a free port of the loopback address by default, and says so', async () => {
    const stream = create();
    assert.equal(
      codeOf(() => stream.address()),
      'ERR_SOCKET_DGRAM_NOT_RUNNING',
    );
    await once(stream, 'listening');
    const { address, family, port } = stream.address();
    assert.deepEqual([address, family], ['127.0.0.1', 'IPv4']);
    assert.ok(port > 0);
    await closed(stream.destroy());
    assert.equal(
      codeOf(() => stream.address()),
      'ERR_SOCKET_DGRAM_NOT_RUNNING',
    );
  });

  it('has an address like that of a socket of node:dgram', async () => {
    const stream = await open({ address: '0.0.0.0' });
    const socket = dgram.createSocket('udp4').bind(0);
    await once(socket, 'listening');
    assert.deepEqual({ ...stream.address(), port: 0 }, { ...socket.address(), port: 0 });
    socket.close();
  });

  it('fails to bind as a socket of node:dgram does', async () => {
    const { port } = (await open()).address();
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
      const { port } = (await open(share)).address();
      await open({ ...share, port });
      assert.equal((await failure({ port })).code, 'EADDRINUSE');
    }
  });

  it('gets what is sent to a group that it joined, on an interface by name or by address', async () => {
    for (const on of [loopback, '127.0.0.1']) {
      const membership: Membership = { address: '239.255.11.7', interface: on };
      const stream = await open({ multicast: membership });
      const sender = await new Sender().open({ groups: true });
      await sender.send('to all', stream, '239.255.11.7');
      assert.deepEqual(await texts([stream], 1), [['to all']]);
      sender.close();
    }
  });

  itOnLinux('is bound to the only group it joins, to everything when there are several', async () => {
    const joining = (address: string): Membership => ({ address, interface: '127.0.0.1' });
    const one = await open({ multicast: [joining('239.255.11.7')] });
    assert.equal(one.address().address, '239.255.11.7');
    const two = await open({ multicast: [joining('239.255.11.7'), joining('239.255.11.8')] });
    assert.equal(two.address().address, '0.0.0.0');
    const here = await open({ address: '127.0.0.1', multicast: joining('239.255.11.7') });
    assert.equal(here.address().address, '127.0.0.1');
    const sender = await new Sender().open({ groups: true });
    const got = texts([two], 2);
    for (const group of ['239.255.11.7', '239.255.11.8']) await sender.send(group, two, group);
    assert.deepEqual(await got, [['239.255.11.7', '239.255.11.8']]);
    sender.close();
  });

  itOnLinux('gets the same datagrams as others that joined the group on the same port', async () => {
    const shared = { reuseAddr: true, multicast: { address: '239.255.11.7', interface: '127.0.0.1' } };
    const first = await open(shared);
    const second = await open({ ...shared, port: first.address().port });
    const sender = await new Sender().open({ groups: true });
    await sender.send('to both', first, '239.255.11.7');
    assert.deepEqual(await texts([first, second], 2), [['to both'], ['to both']]);
    sender.close();
  });

  itOnLinux('hears only the source of a group that it joined with one', async () => {
    const group = '239.255.11.7';
    const stream = await open({ multicast: { address: group, interface: '127.0.0.1', source: '127.0.0.2' } });
    const wrong = await new Sender().open({ groups: true });
    const right = await new Sender().open({ address: '127.0.0.2', groups: true });
    await wrong.send('wrong', stream, group);
    await right.send('right', stream, group);
    await wrong.send('wrong', stream, group);
    await right.send('last', stream, group);
    assert.deepEqual(await texts([stream], 2), [['right', 'last']]);
    wrong.close();
    right.close();
  });

  itWithIpv6('joins IPv6 groups', async () => {
    const stream = await open({ type: 'udp6', multicast: { address: 'ff01::1:7', interface: loopback } });
    assert.equal(stream.address().family, 'IPv6');
  });

  it('fails when it cannot join', async () => {
    for (const on of ['no-such-interface', '192.0.2.1']) {
      const error = await failure({ multicast: { address: '239.255.11.7', interface: on } });
      assert.deepEqual([error.code, error.syscall], ['ENODEV', 'addMembership']);
    }
    const notGroup = await failure({ address: '127.0.0.1', multicast: { address: '127.0.0.1', interface: loopback } });
    assert.equal(notGroup.syscall, 'addMembership');
  });

  itOnLinux('has the buffer that recvBufferSize asks for', async () => {
    const sender = await new Sender().open();
    const kept = async (recvBufferSize: number): Promise<number> => {
      const stream = await open({ recvBufferSize, slots: 1, slotSize: 104 });
      for (let i = 0; i < 200; i++) await sender.send('12345678', stream);
      stream.resume();
      await settled(stream, 200);
      return stream.stats().chunksDelivered;
    };
    assert.ok((await kept(1)) < 100);
    assert.equal(await kept(1_000_000), 200);
    sender.close();
  });

  itOnWindows('is not there: it throws', () => {
    assert.equal(
      codeOf(() => createUdpStream()),
      'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    );
  });
});

/** `slipring listen`: every datagram in a file, and every loss in the last line. */
import { strict as assert } from 'node:assert';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { until } from '../helpers/waiting';
import { describeWhere, itWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { run } from './helpers/command';
import { carry, type Running, shell, start } from './helpers/running';

const itOnLinux = itWhere(onLinux, 'what the room is by default is Linux’s');

type Host = '127.0.0.1' | '::1';

function socketFor(host: Host): dgram.Socket {
  return dgram.createSocket(host === '::1' ? 'udp6' : 'udp4');
}

const loopback =
  Object.entries(networkInterfaces()).find(([, all]) => all?.some(({ internal }) => internal))?.[0] ?? '';

/** A port that nobody has at present. */
async function freePort(host: Host): Promise<number> {
  const socket = socketFor(host);
  await once(socket.bind(0, host), 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => void socket.close(resolve));
  return port;
}

describeWhere(!onWindows, 'there is no createUdpStream()')('slipring listen', () => {
  const temporary = temporaryFolder();
  let folder = '';

  before(() => {
    folder = temporary.path('.');
  });

  const read = (name: string): string => readFileSync(temporary.path(name), 'utf8');

  /** One that listens, and what sends to it. */
  async function listening(
    output: string,
    args: string[],
    host: Host = '127.0.0.1',
    { isThere = () => existsSync(temporary.path(output)), query = '' } = {},
  ): Promise<{ running: Running; send: (text: string) => Promise<void>; socket: dgram.Socket }> {
    const port = await freePort(host);
    const where = `udp://${host === '::1' ? '[::1]' : host}:${port}${query}`;
    const running = start(folder, 'listen', where, '-o', output, ...args);
    await until(isThere);
    const socket = socketFor(host);
    const send = (text: string): Promise<void> =>
      new Promise((resolve, reject) => socket.send(text, port, host, (error) => (error ? reject(error) : resolve())));
    return { running, send, socket };
  }

  it('writes the bytes, lines, or an object for each datagram', async () => {
    const results = await Promise.all(
      ['raw', 'lines', 'jsonl'].map(async (format) => {
        const { running, send, socket } = await listening(`as.${format}`, ['--format', format, '--count', '3']);
        for (const text of ['one', 'two\n', '']) await send(text);
        const { code, stderr } = await running.done;
        const { port } = socket.address();
        socket.close();
        assert.equal(code, 0);
        assert.match(stderr, /^slipring: 3 datagrams, \d+ B written in .* s; nothing was lost\.\n$/);
        return port;
      }),
    );
    assert.equal(read('as.raw'), 'onetwo\n');
    assert.equal(read('as.lines'), 'one\ntwo\n\n');
    const objects = read('as.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      objects.map(({ data }) => Buffer.from(data as string, 'base64').toString()),
      ['one', 'two\n', ''],
    );
    for (const { address, port, time } of objects) {
      assert.equal(address, '127.0.0.1');
      assert.equal(port, results[2]);
      assert.ok(Math.abs(Date.parse(time as string) - Date.now()) < 60_000);
    }
  });

  for (const host of ['127.0.0.1', '::1'] as const) {
    itWithPackagesOfLinux({ tcpdump: 'tcpdump' })(`writes what tcpdump reads, from ${host}`, async () => {
      const output = `${host.replaceAll(':', '_')}.pcap`;
      const { running, send, socket } = await listening(output, ['-f', 'pcap', '-c', '50', '-q'], host);
      for (let i = 0; i < 50; i++) await send('x'.repeat(i));
      const { code, stderr } = await running.done;
      assert.deepEqual([code, stderr], [0, '']);
      const dump = run('tcpdump', ['-vv', '-n', '-r', output], folder).stdout;
      assert.doesNotMatch(dump, /bad|invalid|truncated/i);
      const sent = [...dump.matchAll(/(\S+)\.(\d+) > .*length (\d+)$/gm)].map(([, from, port, length]) => [
        from,
        port,
        length,
      ]);
      const { port } = socket.address();
      assert.deepEqual(
        sent,
        Array.from({ length: 50 }, (_, i) => [host, String(port), String(i)]),
      );
      socket.close();
    });
  }

  it('begins a new file before one would be too large, cuts no datagram, and keeps the newest ones', async () => {
    const args = ['-C', '100', '-W', '3', '-f', 'lines', '-c', '64'];
    const { running, send, socket } = await listening('sized', args);
    for (let i = 0; i < 64; i++) await send(`datagram ${String(i).padStart(2, '0')}`);
    assert.equal((await running.done).code, 0);
    socket.close();
    // Eight of 12 bytes each fit.
    const names = readdirSync(folder).filter((name) => name.startsWith('sized'));
    assert.deepEqual(names.sort(), ['sized.5', 'sized.6', 'sized.7']);
    for (const name of names) assert.equal(statSync(temporary.path(name)).size, 96);
    assert.ok(read('sized.7').endsWith('datagram 63\n'));
  });

  it('begins a new file after so many seconds, with the time in its name', async () => {
    const files = (): string[] => readdirSync(folder).filter((name) => name.startsWith('timed-'));
    const bytes = (): number => files().reduce((sum, name) => sum + statSync(temporary.path(name)).size, 0);
    const begun = (): boolean => files().length > 0;
    const args = ['-G', '1'];
    const { running, send, socket } = await listening('timed-%Y%m%d-%H%M%S-%s.bin', args, '127.0.0.1', {
      isThere: begun,
    });
    for (let sent = 1; files().length < 2; sent++) {
      await send('x');
      await until(() => bytes() === sent);
    }
    running.child.kill('SIGINT');
    assert.equal((await running.done).code, 130);
    socket.close();
    for (const name of files()) {
      const [, year, month, day, hour, minute, second, seconds] =
        /^timed-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d+)\.bin$/.exec(name)?.map(Number) ?? [];
      const local = new Date(year as number, (month as number) - 1, day, hour, minute, second);
      assert.equal(local.getTime() / 1000, seconds);
    }
  });

  it('gives a name that comes again a number, as of an hour that the clock shows twice', async () => {
    // Every file is an hour earlier or later than the one before.
    const clock =
      'let n = 0; const Real = Date; Date = class extends Real { constructor(t = ++n % 2 * 36e5) { super(t); } };';
    temporary.write('clock.cjs', clock);
    const port = await freePort('127.0.0.1');
    const command = `slipring listen udp://127.0.0.1:${port} -o twice-%H -f lines -C 6 -c 5`;
    const done = shell(folder, `TZ=UTC NODE_OPTIONS="--require ./clock.cjs" ${command}`);
    await until(() => existsSync(temporary.path('twice-01')));
    const socket = socketFor('127.0.0.1');
    for (let i = 0; i < 5; i++) socket.send(`no. ${i}`, port, '127.0.0.1');
    assert.equal((await done).code, 0);
    socket.close();
    const contents = ['twice-01', 'twice-00', 'twice-01.1', 'twice-00.1', 'twice-01.2'].map(read);
    assert.deepEqual(contents, ['no. 0\n', 'no. 1\n', 'no. 2\n', 'no. 3\n', 'no. 4\n']);
  });

  for (const [name, where] of [
    ['the address', (port: number) => `udp://239.18.7.1:${port}?interface=${loopback}`],
    ['a parameter', (port: number) => `udp://:${port}?group=239.18.7.1&interface=${loopback}&source=127.0.0.1`],
  ] as const) {
    itWhere(loopback !== '', 'there is no loopback')(`joins the multicast group that is ${name}`, async () => {
      const port = await freePort('127.0.0.1');
      const running = start(folder, 'listen', where(port), '-c', '1', '-o', 'grouped');
      // It has joined before it writes.
      await until(() => existsSync(temporary.path('grouped')));
      const socket = socketFor('127.0.0.1');
      await once(socket.bind(0, '127.0.0.1'), 'listening');
      socket.setMulticastInterface('127.0.0.1');
      socket.send('to the group', port, '239.18.7.1', () => socket.close());
      assert.equal((await running.done).code, 0);
      assert.equal(read('grouped'), 'to the group');
      rmSync(temporary.path('grouped'));
    });
  }

  itWhere(loopback !== '', 'there is no loopback')('joins a group of IPv6 on its interface', async () => {
    const where = `udp://[ff02::1:7]:${await freePort('::1')}?interface=${loopback}`;
    const { code, stderr } = await carry(folder, 'listen', where, '--duration', '1ms');
    assert.match(stderr, /^slipring: 0 datagrams, 0 B written in .*; nothing was lost\.\n$/);
    assert.equal(code, 0);
  });

  it('leaves no part of a datagram where a disk is full, and counts what was written', async () => {
    const port = await freePort('127.0.0.1');
    // In units of 1 KiB, as a full disk.
    const done = shell(folder, `ulimit -f 1; slipring listen udp://127.0.0.1:${port} -f lines -o limited`);
    await until(() => existsSync(temporary.path('limited')));
    const socket = socketFor('127.0.0.1');
    for (let i = 0; i < 2; i++) socket.send('x'.repeat(600), port, '127.0.0.1');
    const { code, stderr } = await done;
    socket.close();
    assert.equal(code, 1);
    const written = read('limited').split('\n');
    assert.equal(written.pop(), '');
    assert.ok(written.every((line) => line.length === 600));
    assert.match(stderr, /^slipring: cannot write limited: file too large \(EFBIG\)\.\n/);
    assert.match(stderr, new RegExp(`^slipring: ${written.length} datagrams?, `, 'm'));
  });

  it('counts exactly what was lost, in its last line and with exit code 3', async () => {
    const { running, send, socket } = await listening('lossy', ['-f', 'lines'], '127.0.0.1', { query: '?rcvbuf=100K' });
    await send('it listens');
    await until(() => read('lossy') === 'it listens\n');
    running.child.kill('SIGSTOP');
    const SENT = 4000;
    for (let i = 0; i < SENT; i++) await send('x'.repeat(200));
    running.child.kill('SIGCONT');
    // There is room again when one of these arrives; all that were sent before have then arrived or are lost.
    let later = 0;
    const hasArrived = (): boolean => read('lossy').endsWith(`later ${later}\n`);
    do {
      await send(`later ${++later}`);
      // By then it was read, if there was room for it.
      for (let i = 0; i < 20 && !hasArrived(); i++) await running.answer();
    } while (!hasArrived());
    const told = running.stderr.length;
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.done;
    socket.close();
    assert.equal(code, 3);
    const [, received, lost, system] =
      /^slipring: (\d+) datagrams, .*; lost (\d+) datagrams.*: (\d+) by the system, 0 here\.\n$/
        .exec(stderr.slice(told))
        ?.map(Number) ?? [];
    assert.equal(received, read('lossy').split('\n').length - 1);
    assert.equal(lost, system);
    assert.equal(received + (lost as number), 1 + SENT + later);
  });

  itOnLinux('has more room in the socket than the system gives by itself', async () => {
    const { running, send, socket } = await listening('roomy', ['-f', 'lines', '--count', '401']);
    await send('it listens');
    await until(() => read('roomy') === 'it listens\n');
    running.child.kill('SIGSTOP');
    // Linux counts 768 bytes for each, and has room for 277 by default.
    for (let i = 0; i < 400; i++) await send('x'.repeat(200));
    running.child.kill('SIGCONT');
    const { code, stderr } = await running.done;
    socket.close();
    assert.match(stderr, /nothing was lost\.\n$/);
    assert.equal(code, 0);
  });

  it('refuses what makes no sense with exit code 2', async () => {
    const wrong = [
      ['file'],
      ['udp://:70000'],
      ['udp://:5000', '-G', '5'],
      ['udp://:5000', '-o', 'x', '-W', '5'],
      ['udp://:5000', '-o', '%Q'],
      ['udp://:5000', '-c', '0'],
      ['udp://:5000?source=127.0.0.1'],
    ];
    const ends = await Promise.all(wrong.map((args) => carry(folder, 'listen', ...args)));
    for (const { code, stderr } of ends) {
      assert.equal(code, 2);
      assert.match(stderr, /^slipring: /);
    }
  });
});

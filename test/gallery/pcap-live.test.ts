/** The example pcap on the loopback interface, beside tcpdump. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createPluginStream, type Gap, type PluginStream, type PluginStreamOptions, type Slot } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { onLinux } from '../helpers/process';
import { closed, parked, turn, until } from '../helpers/waiting';
import { describeWhere } from '../helpers/where';
import { promised } from '../helpers/promised';
import { udpEnds } from '../udp/helpers/ends';
import { builtExample } from './helpers/build';
import { describeExample } from './helpers/needs';
import { packetsOf } from './helpers/captures';

const CAP_NET_RAW = 13n;

/** Whether the process may listen to all that passes an interface. */
function mayCapture(): boolean {
  const [, capabilities = '0'] = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${capabilities}`) >> CAP_NET_RAW) & 1n) === 1n;
}

const packages = {
  'libpcap-dev': '/usr/include/pcap/pcap.h',
  'libjansson-dev': '/usr/include/jansson.h',
  tcpdump: 'tcpdump',
};
const describeLive =
  onLinux && !mayCapture() ? describeWhere(false, 'needs CAP_NET_RAW, as root has it') : describeExample(packages);

/** A process has said something, on one of its outputs. */
function said(output: NodeJS.ReadableStream | null, text: string): Promise<void> {
  let all = '';
  return new Promise((resolve) => {
    output?.on('data', (piece: Buffer | string) => {
      all += String(piece);
      if (all.includes(text)) resolve();
    });
  });
}

describeLive('the example pcap, on the loopback interface', () => {
  const folder = temporaryFolder();
  const example = builtExample('pcap');
  const ends = udpEnds();

  function listen(filter: string, options: PluginStreamOptions = {}): PluginStream {
    return createPluginStream(example.path('pcap.so'), { ...options, config: { interface: 'lo', filter } });
  }

  it('writes the file that tcpdump writes at the same time', async () => {
    const PACKETS = 200;
    // A receiver that asks when its datagrams came makes the kernel say so once for all who listen.
    const receiver = await ends.open();
    const sender = await ends.sender();
    const filter = `udp port ${receiver.address().port}`;
    const [theirs, ours] = [folder.path('tcpdump.pcap'), folder.path('main.pcap')];
    const how = ['--time-stamp-precision=nano', '-Z', 'root', '-B', '32768', '-i', 'lo', '-c', String(PACKETS)];
    const tcpdump = spawn('tcpdump', [...how, '-w', theirs, filter], { stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = once(tcpdump, 'exit') as Promise<[number | null]>;
    const main = example.start('--interface', 'lo', '--filter', filter, '--count', String(PACKETS), '--write', ours);
    await Promise.all([said(tcpdump.stderr, 'listening on lo'), said(main.child.stdout, 'link type')]);
    let written = 24;
    for (let i = 0; i < PACKETS; i++) {
      const payload = patternBytes(i, 0, (i * 311) % 60_000);
      written += 16 + 42 + payload.length;
      await sender.send(payload, receiver);
      // Not faster than they are written, so that none is dropped. (Tcpdump has a buffer for all of them.)
      if (i % 10 === 9) await until(() => statSync(ours).size === written);
    }
    const [[code], { code: codeOfMain, stderr }] = await Promise.all([exited, main.ended]);
    assert.deepEqual([code, codeOfMain, stderr], [0, 0, '']);
    assert.ok(readFileSync(ours).equals(readFileSync(theirs)));
  });

  it('hands packets on while it is open', async () => {
    const receiver = await ends.open();
    const sender = await ends.sender();
    const stream = listen(`udp port ${receiver.address().port}`);
    await once(stream, 'ready');
    const slots = stream.slots();
    for (const text of ['one', 'two', 'three']) {
      await sender.send(text, receiver);
      const { value } = (await slots.next()) as IteratorYieldResult<Slot>;
      const [packet, ...more] = packetsOf(value);
      assert.deepEqual(more, []);
      assert.equal(packet?.data.subarray(42).toString(), text);
    }
    await closed(stream.destroy());
  });

  it('waits for no other packet while it has one that waits for a slot', async () => {
    const receiver = await ends.open();
    const sender = await ends.sender();
    // Each slot has room for one packet: the third comes with the others, and then nothing is left to come.
    const stream = listen(`udp port ${receiver.address().port}`, { slots: 2, slotSize: 150 });
    await once(stream, 'ready');
    await sender.sendAll(
      ['a', 'b', 'c'].map((text) => text.repeat(50)),
      receiver,
    );
    await parked(stream);
    const found: string[] = [];
    for await (const slot of stream.slots()) {
      for (const { data } of packetsOf(slot)) found.push(data.toString('latin1', 42, 43));
      if (found.length === 3) break;
    }
    assert.deepEqual(found, ['a', 'b', 'c']);
  });

  it('cuts packets to the snapshot length, and tells how long they were', async () => {
    const receiver = await ends.open();
    const sender = await ends.sender();
    const filter = `udp port ${receiver.address().port}`;
    const stream = createPluginStream(example.path('pcap.so'), { config: { interface: 'lo', filter, snaplen: 50 } });
    await once(stream, 'ready');
    await sender.send(Buffer.alloc(1000), receiver);
    for await (const slot of stream.slots()) {
      const [packet] = packetsOf(slot);
      assert.deepEqual([packet?.data.length, packet?.originalLength, slot.user >> 32n], [50, 1042, 50n]);
      break;
    }
  });

  it('counts what the system has dropped, and tells of it with a gap', async () => {
    const [PACKETS, SIZE] = [1500, 8000];
    const receiver = await ends.open();
    const sender = await ends.sender();
    // Each packet passes the loopback interface twice, out and in: a filter that takes one of them counts each drop once.
    const stream = listen(`inbound and udp port ${receiver.address().port}`, { slots: 2, slotSize: 65_536 });
    let [received, dropped] = [0, 0];
    stream.on('gap', ({ droppedChunks }: Gap) => (dropped += droppedChunks as number));
    await once(stream, 'ready');
    const slots = stream.slots();
    // What comes at first libpcap filters itself, and takes nothing for inbound: wait until the kernel does it.
    let isFiltered = false;
    const first = slots.next().then(() => (isFiltered = true));
    while (!isFiltered) {
      await sender.send('filtered?', receiver);
      await turn();
    }
    await first;
    assert.equal(dropped, 0);
    // Nobody reads: the slots fill, then the two MiB that the kernel has, then packets are dropped.
    for (let i = 0; i < PACKETS; i++) await sender.send(patternBytes(i, 0, SIZE), receiver);
    for await (const slot of slots) {
      received += packetsOf(slot).filter(({ originalLength }) => originalLength > SIZE).length;
      if (received + dropped >= PACKETS) break;
    }
    assert.equal(received + dropped, PACKETS);
    assert.ok(dropped > 0);
    assert.equal(stream.stats().droppedChunks, dropped);
  });

  it('is cancelled at once while nothing passes', async () => {
    const stream = listen('udp port 1 and greater 60000');
    await once(stream, 'ready');
    const began = performance.now();
    await closed(stream.destroy());
    assert.ok(performance.now() - began < promised(100));
    assert.equal(stream.errored, null);
  });

  it('is stopped with Ctrl-C', async () => {
    const { child, ended } = example.start('--interface', 'lo', '--filter', 'udp port 1 and greater 60000');
    await said(child.stdout, 'link type');
    child.kill('SIGINT');
    const stdout = 'link type EN10MB\n0 packets, 0 bytes, 0 dropped\n';
    assert.deepEqual(await ended, { code: 0, signal: null, stdout, stderr: '' });
  });

  it('fails with ENODEV when there is no such interface', async () => {
    const stream = createPluginStream(example.path('pcap.so'), { config: { interface: 'nowhere0' } });
    await assert.rejects(once(stream, 'ready'), { code: 'ENODEV', syscall: 'pcap_activate' });
  });
});

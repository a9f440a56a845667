/** The example pcap: what it makes of capture files, beside tcpdump. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createPluginStream, type PluginStream, type PluginStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { bytesOf, closed, parked } from '../helpers/waiting';
import { promised } from '../helpers/promised';
import { builtExample } from './helpers/build';
import { describeExample } from './helpers/needs';
import { allPacketsOf, captureOf, packetsOf, udpPacket } from './helpers/captures';

const packages = {
  'libpcap-dev': '/usr/include/pcap/pcap.h',
  'libjansson-dev': '/usr/include/jansson.h',
  tcpdump: 'tcpdump',
};

describeExample(packages)('the example pcap, with a capture file', () => {
  const folder = temporaryFolder();
  const example = builtExample('pcap');
  // Every third is for port 53, one is cut, and one is larger than all others together.
  const SNAPLEN = 90_000;
  const packets = Array.from({ length: 5000 }, (_, i) =>
    udpPacket(i % 3 === 0 ? 53 : 54, patternBytes(i, 0, i === 777 ? 65_000 : i % 200)),
  );
  packets[4000] = patternBytes(4000, 0, SNAPLEN + 10);
  let file = '';

  before(() => {
    file = folder.write('many.pcap', captureOf(packets, SNAPLEN));
  });

  function read(config: object, options: PluginStreamOptions = {}): PluginStream {
    return createPluginStream(example.path('pcap.so'), { ...options, config });
  }

  /** What tcpdump makes of the file, with times in nanoseconds. */
  function tcpdump(...filter: string[]): Buffer {
    const output = folder.path('tcpdump.pcap');
    const how = ['--time-stamp-precision=nano', '-Z', 'root', '-r', file, '-w', output];
    execFileSync('tcpdump', [...how, ...filter], { stdio: 'pipe' });
    return readFileSync(output);
  }

  for (const filter of [[], ['udp port 53'], ['greater 1000']]) {
    it(`writes the file that tcpdump writes ${filter.length > 0 ? `for "${filter[0]}"` : 'without a filter'}`, async () => {
      const output = folder.path('main.pcap');
      const ended = await example.run(
        '--file',
        file,
        '--write',
        output,
        ...filter.flatMap((text) => ['--filter', text]),
      );
      assert.deepEqual({ ...ended, stdout: '' }, { code: 0, signal: null, stdout: '', stderr: '' });
      assert.ok(readFileSync(output).equals(tcpdump(...filter)));
    });
  }

  it('gives many packets with a chunk, each as it was', async () => {
    const stream = read({ file }, { slotSize: 1024 * 1024 });
    const found = await allPacketsOf(stream);
    assert.equal(found.length, packets.length);
    for (const [i, { data, originalLength, timestamp }] of found.entries()) {
      const packet = packets[i] as Buffer;
      assert.ok(data.equals(packet.subarray(0, SNAPLEN)));
      assert.equal(originalLength, packet.length);
      assert.equal(timestamp, BigInt(1_700_000_000 + i) * 1_000_000_000n + BigInt((i * 7919) % 1_000_000) * 1000n);
    }
    assert.ok(stream.stats().chunksDelivered <= 3);
  });

  it('gives the bytes alone to who reads it as any other stream', async () => {
    const bytes = await bytesOf(read({ file }, { slotSize: 1024 * 1024 }));
    assert.ok(bytes.equals(Buffer.concat(packets.map((packet) => packet.subarray(0, SNAPLEN)))));
  });

  it('says what the link type and the snapshot length are', async () => {
    const stream = read({ file });
    for await (const slot of stream.slots()) {
      assert.deepEqual([slot.user & 0xffff_ffffn, slot.user >> 32n, stream.name], [1n, BigInt(SNAPLEN), 'EN10MB']);
      break;
    }
  });

  it('keeps packets whole in slots of any size, and cuts only one that is larger than a slot', async () => {
    for (const slotSize of [1000, 1001, 4096]) {
      const found = await allPacketsOf(read({ file }, { slotSize }));
      assert.equal(found.length, packets.length);
      for (const [i, { data, originalLength }] of found.entries()) {
        const packet = packets[i] as Buffer;
        assert.equal(originalLength, packet.length);
        // Its entry in the table is of 24 bytes, and begins at most 7 bytes behind it.
        const expected = packet.length + 31 > slotSize ? slotSize - 31 : packet.length;
        assert.ok(data.equals(packet.subarray(0, expected)));
      }
    }
  });

  it('fails behind the last whole packet of a file that was cut off', async () => {
    const cut = folder.write('cut.pcap', readFileSync(file).subarray(0, -10));
    let count = 0;
    const reading = async (): Promise<void> => {
      for await (const slot of read({ file: cut }).slots()) count += packetsOf(slot).length;
    };
    await assert.rejects(reading(), { code: 'ERR_SLIPRING_SOURCE', syscall: 'pcap_next_ex' });
    assert.equal(count, packets.length - 1);
  });

  it('is cancelled at once in the middle of a file', async () => {
    const stream = read({ file }, { slots: 2, slotSize: 1000 });
    await parked(stream);
    const began = performance.now();
    await closed(stream.destroy());
    assert.ok(performance.now() - began < promised(100));
    assert.equal(stream.errored, null);
  });

  it('refuses what it cannot read, each with its code', async () => {
    for (const [config, expected] of [
      [{ file: folder.path('missing.pcap') }, { code: 'ENOENT', syscall: 'open' }],
      [{ file: folder.write('text.pcap', 'not a capture at all, but long enough') }, { code: 'ERR_SLIPRING_SOURCE' }],
      [{ file: folder.fifo() }, { code: 'EINVAL', syscall: 'open' }],
      [
        { file, filter: 'nonsense' },
        { code: 'EINVAL', syscall: 'pcap_compile' },
      ],
      [
        { file, interface: 'lo' },
        { code: 'EINVAL', syscall: 'config' },
      ],
      [{}, { code: 'EINVAL', syscall: 'config' }],
      [{ file: 1 }, { code: 'EINVAL', syscall: 'config' }],
    ] as const) {
      await assert.rejects(once(read(config), 'ready'), expected);
    }
    await assert.rejects(bytesOf(read({ file }, { slotSize: 30 })), { code: 'EMSGSIZE' });
  });

  it('says what is wrong with a file, and exits', async () => {
    const ended = await example.run('--file', folder.path('missing.pcap'));
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /^pcap: ENOENT.*\n$/);
  });
});

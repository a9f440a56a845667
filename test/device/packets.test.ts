/** Descriptors that keep the bounds of packets: one packet is one chunk, whatever the consumer does, and none is cut. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { endsMaker, itOnLinux } from './helpers/ends';

function hasTunnels(): boolean {
  try {
    fs.closeSync(fs.openSync('/dev/net/tun', 'r+'));
    return onLinux && process.geteuid?.() === 0;
  } catch {
    return false;
  }
}
const itWithTunnels = itWhere(hasTunnels(), 'needs root, and /dev/net/tun');

/** IPv4 and UDP. */
const HEADERS = 28;

interface Kind {
  name: string;
  /** What a chunk carries: the packet without what the kernel puts before it; undefined when it is none of ours. */
  content: (chunk: Buffer) => string | undefined;
  /** How many bytes that is. */
  overhead: number;
  /** A write is a packet. Of a terminal what is there at a read is one. */
  keepsWrites: boolean;
  test: ReturnType<typeof itWhere>;
}

const whole = { content: (chunk: Buffer) => chunk.toString(), overhead: 0, keepsWrites: true, test: itOnLinux };

const kinds: Record<string, Kind> = {
  seqpacket: { ...whole, name: 'a seqpacket socket' },
  dgram: { ...whole, name: 'a datagram socket of the file system' },
  udp: { ...whole, name: 'a UDP socket' },
  'direct-pipe': { ...whole, name: 'a pipe with O_DIRECT at its reading end' },
  'packet-master': {
    name: 'the master of a terminal in packet mode',
    content: (chunk) => (chunk[0] === 0 ? chunk.toString('latin1', 1) : undefined),
    overhead: 1,
    keepsWrites: false,
    test: itOnLinux,
  },
  tun: {
    name: 'a tunnel',
    // The kernel sends some of IPv6 by itself.
    content: (chunk) => ((chunk[0] as number) >> 4 === 4 ? chunk.toString('latin1', HEADERS) : undefined),
    overhead: HEADERS,
    keepsWrites: true,
    test: itWithTunnels,
  },
};

const texts = Array.from({ length: 40 }, (_, i) => `packet ${i}`.padEnd(1 + ((i * 7) % 60), '.'));

describe('packets', () => {
  const folder = temporaryFolder();
  const make = endsMaker(folder);

  for (const [kind, { name, content, overhead, keepsWrites, test }] of Object.entries(kinds)) {
    for (const blocks of [true, false]) {
      const mode = `${name} that ${blocks ? 'blocks' : 'does not block'}`;

      test(`of ${mode} are chunks of their own, also when they are read ahead`, async () => {
        const { near, send } = make(kind, blocks);
        const stream = createDeviceStream(near, { slots: 64, slotSize: 4096 });
        const chunks: string[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(content(chunk) ?? ''));
        send('first');
        await until(() => chunks.includes('first'));
        stream.pause();
        for (const text of texts) {
          const { chunksProduced } = stream.stats();
          send(text);
          await until(() => stream.stats().chunksProduced > chunksProduced);
        }
        stream.resume();
        await until(() => chunks.includes(texts.at(-1) as string));
        assert.deepEqual(
          chunks.filter((text) => text !== ''),
          ['first', ...texts],
        );
        await closed(stream.destroy());
      });

      test(`of ${mode} are chunks of their own when each is waited for`, async () => {
        const { near, send } = make(kind, blocks);
        const stream = createDeviceStream(near);
        const chunks: string[] = [];
        stream.on('data', (chunk: Buffer) => {
          const text = content(chunk);
          if (text !== undefined) chunks.push(text);
        });
        await once(stream, 'ready');
        for (const [i, text] of texts.entries()) {
          send(text);
          await until(() => chunks.length > i);
        }
        assert.deepEqual(chunks, texts);
        await closed(stream.destroy());
      });
    }

    if (!keepsWrites) continue;

    test(`of ${name} are chunks of their own when the system holds more than there are slots`, async () => {
      const { near, send } = make(kind);
      const some = texts.slice(0, 10);
      for (const text of some) send(text);
      const stream = createDeviceStream(near, { slots: 2, slotSize: 4096 });
      const chunks: string[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        const text = content(chunk);
        if (text !== undefined) chunks.push(text);
        if (chunks.length === some.length) break;
      }
      assert.deepEqual(chunks, some);
    });

    test(`of ${name} are EMSGSIZE when they do not fit into a slot, and whole when they just do`, async () => {
      for (const more of [0, 1]) {
        const { near, send } = make(kind);
        const stream = createDeviceStream(near, { slotSize: 200 });
        const chunks: (string | undefined)[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(content(chunk)));
        const text = 'x'.repeat(200 - overhead + more);
        const failed = once(stream, 'error') as Promise<[NodeJS.ErrnoException]>;
        send(text);
        if (more === 0) {
          await until(() => chunks.includes(text));
          await closed(stream.destroy(new Error('enough')));
          await failed;
        } else {
          const [{ code, syscall }] = await failed;
          assert.deepEqual([code, syscall], ['EMSGSIZE', 'read']);
          assert.ok(chunks.every((content) => content === undefined));
        }
      }
    });
  }
});

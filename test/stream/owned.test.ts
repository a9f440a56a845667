/** Chunks are owned: the memory of each is its own, and can be given to another thread, as that of a chunk of node:fs. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import type { Readable } from 'node:stream';
import { MessageChannel, type Transferable } from 'node:worker_threads';
import { createDeviceStream, createPatternStream, createReadStream, createUdpStream, type Datagram } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { closed } from '../helpers/waiting';
import { itWhere, itWithFifos, onWindows } from '../helpers/where';
import { Sender } from '../udp/helpers/sender';

/** Some are kept in V8's own heap, some would lie in Node's pool, some are copied out of their slot, some are the slot. */
const sizes = [1, 64, 65, 1000, 5000, 30_000, 64_000];
const parts = sizes.map((size, i) => patternBytes(i + 1, 0, size));

async function transferred(chunk: Uint8Array): Promise<Uint8Array> {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(chunk, [chunk.buffer as Transferable]);
    return ((await once(port2, 'message')) as [Uint8Array])[0];
  } finally {
    port1.close();
  }
}

/** All of them come before the first is given away, and each is given away alone. */
async function assertOwned(chunks: Uint8Array[], expected: Buffer[]): Promise<void> {
  assert.equal(chunks.length, expected.length);
  for (const [i, chunk] of chunks.entries()) {
    const bytes = expected[i] as Buffer;
    assert.ok(bytes.equals(chunk), `chunk ${i} of ${bytes.length} bytes`);
    assert.ok(bytes.equals(await transferred(chunk)), `what arrives of ${bytes.length} bytes`);
    assert.equal(chunk.length, 0);
  }
}

describe('a chunk can be transferred, and takes nothing else along,', () => {
  const folder = temporaryFolder();

  it('when it comes from a file', async () => {
    const chunks: Buffer[] = [];
    for (const part of parts) {
      const path = folder.path('part');
      fs.writeFileSync(path, part);
      for await (const chunk of createReadStream(path)) chunks.push(chunk as Buffer);
    }
    await assertOwned(chunks, parts);
  });

  it('when it comes in a slot of its size', async () => {
    for (const size of sizes) {
      const whole = patternBytes(7, 0, 5 * size);
      const chunks = await (createPatternStream({ seed: 7, slotSize: size, length: 5 * size }) as Readable).toArray();
      await assertOwned(
        chunks as Buffer[],
        Array.from({ length: 5 }, (_, i) => whole.subarray(i * size, (i + 1) * size)),
      );
    }
  });

  itWithFifos('when it comes from a device, as a message too', async () => {
    const path = folder.fifo();
    const stream = createDeviceStream(path);
    await once(stream, 'ready');
    const writer = fs.openSync(path, 'w');
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const sent = Array.from({ length: 20 }, () => parts.slice(0, 4)).flat();
    for (const part of sent) {
      fs.writeSync(writer, part);
      await once(stream, 'data');
    }
    fs.closeSync(writer);
    await closed(stream);
    await assertOwned(chunks, sent);
  });

  itWhere(!onWindows, 'Windows has no UDP streams')('when it is a datagram', async () => {
    const stream = createUdpStream();
    await once(stream, 'listening');
    const sender = await Sender.open();
    await sender.sendAll(parts, stream);
    const datagrams: Datagram[] = [];
    for await (const datagram of stream) if (datagrams.push(datagram) === parts.length) break;
    sender.close();
    await assertOwned(
      datagrams.map(({ data }) => data),
      parts,
    );
  });
});

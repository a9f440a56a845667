/** Small chunks that arrive one by one while nobody is busy: they take a shorter way than others. */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import fs from 'node:fs';
import type { DeviceStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { collectGarbage } from '../helpers/garbage';
import { patternBytes } from '../helpers/pattern';
import { isInNodesPool } from '../helpers/pools';
import { closed, turn, until } from '../helpers/waiting';
import { itWithFifos } from '../helpers/where';
import { onlyWithLibuv, openFifo } from './helpers/messages';

/** From one byte to more than the longest message, and some that need several slots. */
const sizes = [1, 8, 4095, 4096, 4097, 1, 20_000, 3, 300, 70_000, 2, 4096, 5];
const messages = Array.from({ length: 300 }, (_, i) => patternBytes(i, 0, sizes[i % sizes.length] as number));

type Reader = (stream: DeviceStream, take: (chunk: Buffer) => void) => void;

const readers: Record<string, Reader> = {
  "'data'": (stream, take) => void stream.on('data', take),
  "'readable' and read()": (stream, take) => {
    stream.on('readable', () => {
      for (let chunk; (chunk = stream.read() as Buffer | null);) take(chunk);
    });
  },
  'for await': (stream, take) => {
    const loop = async (): Promise<void> => {
      for await (const chunk of stream) take(chunk as Buffer);
    };
    loop().catch((error: unknown) => stream.destroy(error as Error));
  },
};

/** Nothing else lies in its memory. */
function isAlone(chunk: Buffer): boolean {
  return chunk.buffer.byteLength === chunk.length;
}

function transferIfPossible(buffer: object): void {
  try {
    (buffer as { transfer?: () => void }).transfer?.();
  } catch (error) {
    assert.ok(error instanceof TypeError);
  }
}

describe('a message', () => {
  const folder = temporaryFolder();

  for (const [name, read] of Object.entries(readers)) {
    itWithFifos(`arrives before the next one is sent, whatever its length, by ${name}`, async () => {
      const { stream, writer } = await openFifo(folder);
      const chunks: Buffer[] = [];
      let received = 0;
      read(stream, (chunk) => {
        chunks.push(chunk);
        received += chunk.length;
      });
      let sent = 0;
      for (const message of messages) {
        // A FIFO holds 64 KiB: longer ones are written in parts.
        for (let at = 0; at < message.length; at += 10_000) {
          sent += fs.writeSync(writer, message, at, Math.min(10_000, message.length - at));
          await until(() => received === sent);
        }
      }
      fs.closeSync(writer);
      await closed(stream);
      assert.ok(Buffer.concat(chunks).equals(Buffer.concat(messages)));
      const { bytesProduced, bytesDelivered, chunksProduced, chunksDelivered } = stream.stats();
      assert.deepEqual([bytesProduced, bytesDelivered], [sent, sent]);
      assert.deepEqual([chunksProduced, chunksDelivered], [chunks.length, chunks.length]);
    });
  }

  itWithFifos('is a chunk of its own, which later ones leave alone', async () => {
    const { stream, writer } = await openFifo(folder);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const short = Array.from({ length: 2000 }, (_, i) => patternBytes(i, 0, 1 + (i % 99)));
    for (const message of short) {
      fs.writeSync(writer, message);
      await once(stream, 'data');
    }
    fs.closeSync(writer);
    await closed(stream);
    assert.deepEqual(chunks, short);
  });

  onlyWithLibuv('does not wait for the memory of those after it', async () => {
    const { stream, writer } = await openFifo(folder, { slotSize: 1000 });
    const allocate = Buffer.allocUnsafeSlow.bind(Buffer);
    const pools: ArrayBufferLike[] = [];
    let late = 0;
    stream.on('data', ({ buffer }: Buffer) => {
      if (pools.includes(buffer) && buffer !== pools.at(-1)) late++;
    });
    try {
      Buffer.allocUnsafeSlow = (size) => {
        const memory = allocate(size);
        if (size === 8 * 1024) pools.push(memory.buffer);
        return memory;
      };
      while (pools.length < 4) {
        fs.writeSync(writer, 'message');
        await once(stream, 'data');
      }
    } finally {
      Buffer.allocUnsafeSlow = allocate;
    }
    fs.closeSync(writer);
    await closed(stream);
    assert.equal(late, 0);
  });

  itWithFifos('is not joined with the next one when the consumer is slow', async () => {
    const { stream, writer } = await openFifo(folder);
    const send = async (text: string): Promise<void> => {
      const { chunksProduced } = stream.stats();
      fs.writeSync(writer, text);
      await until(() => stream.stats().chunksProduced > chunksProduced);
    };
    const sent = Array.from({ length: 1000 }, (_, i) => `message ${i}`);
    const chunks: string[] = [];
    let next = 0;
    stream.once('readable', () => undefined); // somebody waits
    await send(sent[next++] as string);
    for await (const chunk of stream) {
      chunks.push((chunk as Buffer).toString());
      if (chunks.length < next) continue;
      // Two may wait for it: a stream has no more slots to begin with.
      for (const end = Math.min(next + 2, sent.length); next < end;) await send(sent[next++] as string);
      if (chunks.length === sent.length) fs.closeSync(writer);
    }
    assert.deepEqual(chunks, sent);
  });

  itWithFifos('can be decoded with the next one', async () => {
    const { stream, writer } = await openFifo(folder, { encoding: 'utf8' });
    let text = '';
    stream.on('data', (chunk: string) => (text += chunk));
    const bytes = Buffer.from('déjà vu €');
    for (const byte of bytes) {
      const before = stream.bytesRead;
      fs.writeSync(writer, Buffer.of(byte));
      await until(() => stream.bytesRead > before);
    }
    fs.closeSync(writer);
    await closed(stream);
    assert.equal(text, 'déjà vu €');
  });

  onlyWithLibuv('has memory of its own when it is long, which can be given to another thread', async () => {
    const { stream, writer } = await openFifo(folder);
    let seed = 0;
    const send = async (): Promise<Buffer> => {
      fs.writeSync(writer, patternBytes(++seed, 0, 2000));
      return ((await once(stream, 'data')) as [Buffer])[0];
    };
    stream.resume();
    let [one, other] = [await send(), await send()];
    // The first ones come in slots, and are copied into Node's pool.
    while (!isAlone(one) || !isAlone(other)) [one, other] = [await send(), await send()];
    const given = structuredClone(one, { transfer: [one.buffer as ArrayBuffer] });
    assert.equal(one.length, 0);
    assert.ok(Buffer.from(given).equals(patternBytes(seed - 1, 0, 2000)));
    assert.ok(other.equals(patternBytes(seed, 0, 2000)));
    assert.ok((await send()).equals(patternBytes(seed, 0, 2000)));
    fs.closeSync(writer);
    await closed(stream);
  });

  itWithFifos('cannot be taken away from others that lie beside it in memory', async () => {
    const { stream, writer } = await openFifo(folder);
    const send = async (text: string): Promise<Buffer> => {
      fs.writeSync(writer, text);
      return ((await once(stream, 'data')) as [Buffer])[0];
    };
    stream.resume();
    // The first ones come in slots, and are copied.
    let chunk = await send('one');
    for (let i = 0; i < 1000 && (isInNodesPool(chunk) || isAlone(chunk)); i++) chunk = await send('one');
    const { buffer } = chunk;
    const isMessage = !isInNodesPool(chunk);
    try {
      structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }); // Node 20 makes a copy, later ones throw
    } catch (error) {
      assert.ok(error instanceof Error);
    }
    assert.equal(chunk.toString(), 'one');
    // Node 22 knows another way, and does not forbid it.
    if (isMessage) transferIfPossible(buffer);
    for (const text of ['two', 'three', 'four']) assert.equal((await send(text)).toString(), text);
    fs.closeSync(writer);
    await closed(stream);
  });

  onlyWithLibuv('is told in the context in which the stream was made, however long ago', async () => {
    const storage = new AsyncLocalStorage<string>();
    const { stream, writer } = await storage.run('the stream', () => openFifo(folder));
    const contexts = new Set<string | undefined>();
    let messages = 0;
    storage.run('the listener', () => {
      stream.on('data', (chunk: Buffer) => {
        contexts.add(storage.getStore());
        if (!isInNodesPool(chunk)) messages++;
      });
    });
    const sendUntil = async (count: number): Promise<void> => {
      while (messages < count) {
        fs.writeSync(writer, 'message');
        await storage.run('the writer', () => once(stream, 'data'));
      }
    };
    await sendUntil(10);
    await turn(); // the last one is over: Node holds its context no more
    collectGarbage();
    await sendUntil(20);
    fs.closeSync(writer);
    await closed(stream);
    assert.deepEqual([...contexts], ['the stream']);
  });
});

/** Small chunks that arrive one by one while nobody is busy: they take a shorter way than others. */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import fs from 'node:fs';
import type { DeviceStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { collectGarbage } from '../helpers/garbage';
import { patternBytes } from '../helpers/pattern';
import { isMessage } from '../helpers/messages';
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

describe('a message', () => {
  const folder = temporaryFolder();

  itWithFifos('is its stream’s alone, although many streams get one at the same time', async () => {
    const devices = await Promise.all(Array.from({ length: 20 }, () => openFifo(folder, { slots: 2 })));
    const chunks = devices.map((): Buffer[] => []);
    let received = 0;
    for (const [i, { stream }] of devices.entries()) {
      stream.on('data', (chunk: Buffer) => {
        received += chunk.length;
        chunks[i]?.push(chunk);
      });
    }
    const rounds = 50;
    for (let round = 1; round <= rounds; round++) {
      for (const [i, { writer }] of devices.entries()) fs.writeSync(writer, Buffer.alloc(100 + i, 100 * i + round));
      await until(() => received === round * devices.reduce((bytes, _, i) => bytes + 100 + i, 0));
    }
    for (const [i, { stream, writer }] of devices.entries()) {
      fs.closeSync(writer);
      await closed(stream);
      const expected = Array.from({ length: rounds }, (_, round) => Buffer.alloc(100 + i, 100 * i + round + 1));
      assert.ok(Buffer.concat(chunks[i] as Buffer[]).equals(Buffer.concat(expected)));
    }
  });

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

  onlyWithLibuv('does not wait for its memory when it is as long as the one before', async () => {
    const { stream, writer } = await openFifo(folder);
    const allocate = Buffer.alloc.bind(Buffer);
    const allocated = new Set<Buffer>();
    let there = new Set<Buffer>();
    const inTime: boolean[] = [];
    stream.on('data', (chunk: Buffer) => {
      if (isMessage()) inTime.push(there.has(chunk));
    });
    try {
      Buffer.alloc = (size) => {
        const memory = allocate(size);
        allocated.add(memory);
        return memory;
      };
      while (inTime.length < 10) {
        there = new Set(allocated);
        fs.writeSync(writer, 'message');
        await once(stream, 'data');
      }
    } finally {
      Buffer.alloc = allocate;
    }
    fs.closeSync(writer);
    await closed(stream);
    assert.deepEqual(inTime, [false, ...Array<boolean>(9).fill(true)]);
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

  onlyWithLibuv('is told in the context in which the stream was made, however long ago', async () => {
    const storage = new AsyncLocalStorage<string>();
    const { stream, writer } = await storage.run('the stream', () => openFifo(folder));
    const contexts = new Set<string | undefined>();
    let messages = 0;
    storage.run('the listener', () => {
      stream.on('data', () => {
        contexts.add(storage.getStore());
        if (isMessage()) messages++;
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

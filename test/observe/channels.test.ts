/** What streams say on the channels of node:diagnostics_channel, and when. */
import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { createReadStream, createPatternStream, createUdpStream, createDeviceStream, type Gap } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, parked, turn, until } from '../helpers/waiting';
import { itWithFifos, itWhere, onWindows } from '../helpers/where';
import { openWriter } from './helpers/writer';
import { hearing, NAMES, namesOf, type Heard } from './helpers/listening';

const WITHOUT_STALLS = NAMES.filter((name) => name !== 'stall');

describe('the channels', () => {
  const folder = temporaryFolder();

  /** What is heard of the stream that `make` makes, until its 'close'. */
  async function lifeOf(make: () => ReturnType<typeof createReadStream>): Promise<Heard[]> {
    return hearing(WITHOUT_STALLS, async () => {
      await closed(make().resume());
    });
  }

  it('say of a file that it is opened and closed, and nothing else', async () => {
    const path = folder.fill('plain', 100_000);
    const heard = await lifeOf(() => createReadStream(path, { slotSize: 1000 }));
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['open', 'close'],
    );
    const [open, close] = heard.map(({ message }) => message);
    assert.deepEqual(Object.keys(open as object), ['stream', 'source']);
    assert.deepEqual(Object.keys(close as object), ['stream', 'source', 'error', 'opened']);
    assert.equal(open?.source, 'file');
    assert.equal(close?.stream, open.stream);
    assert.equal(close.error, undefined);
    assert.equal(close.opened, true);
  });

  it('say so of a descriptor that was given, too, of which there is no event', async () => {
    const { openSync } = await import('node:fs');
    const fd = openSync(folder.write('given', 'abc'), 'r');
    const heard = await lifeOf(() => createReadStream('', { fd }));
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['open', 'close'],
    );
  });

  it('say of one that cannot be opened what it failed with, and that it never was', async () => {
    const heard = await lifeOf(() => createReadStream(folder.path('missing')));
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['error', 'close'],
    );
    const [failed, close] = heard.map(({ message }) => message);
    assert.equal((failed?.error as NodeJS.ErrnoException).code, 'ENOENT');
    assert.equal(close?.error, failed?.error);
    assert.equal(close?.opened, false);
  });

  it('say it before the events of the stream', async () => {
    const log: string[] = [];
    await hearing(
      WITHOUT_STALLS,
      async () => {
        const stream = createReadStream(folder.path('missing'));
        stream.on('error', () => log.push("'error'"));
        stream.on('close', () => log.push("'close'"));
        await closed(stream);
      },
      ({ name }) => log.push(name),
    );
    assert.deepEqual(log, ['error', 'close', "'error'", "'close'"]);
  });

  it("say that it is open when the stream itself has said so, also when the stream's listener throws", async () => {
    const path = folder.write('short', 'abc');
    let fd: unknown;
    const uncaught = await uncaughtDuring(async () => {
      const heard = await hearing(
        ['open'],
        async () => {
          const stream = createReadStream(path);
          stream.on('open', () => {
            throw new Error('on purpose');
          });
          await closed(stream.resume());
        },
        ({ message }) => (fd = (message.stream as unknown as { fd: unknown }).fd),
      );
      assert.equal(heard.length, 1);
    });
    assert.equal(uncaught.length, 1);
    assert.equal(typeof fd, 'number');
  });

  it('say of one that is destroyed whether that was with an error', async () => {
    for (const error of [undefined, new Error('on purpose')]) {
      const heard = await hearing(WITHOUT_STALLS, async (sofar) => {
        const stream = createPatternStream();
        await parked(stream);
        stream.destroy(error);
        assert.equal(namesOf(sofar, stream).includes('error'), error !== undefined); // at once, and not when its thread is gone
        await closed(stream);
      });
      const names = heard.map(({ name }) => name);
      assert.deepEqual(names, error ? ['open', 'error', 'close'] : ['open', 'close']);
      assert.equal(heard.at(-1)?.message.error, error);
      if (error) assert.equal(heard[1]?.message.error, error);
    }
  });

  it('say of one that is destroyed at once that it was closed', async () => {
    const heard = await hearing(WITHOUT_STALLS, async () => {
      await closed(createPatternStream().destroy());
    });
    assert.deepEqual(
      heard.map(({ name, message }) => [name, message.opened]),
      [['close', false]],
    );
  });

  it('say of an aborted one that it failed', async () => {
    const controller = new AbortController();
    const heard = await hearing(WITHOUT_STALLS, async () => {
      const stream = createReadStream(folder.fill('aborted', 100_000), { signal: controller.signal });
      await parked(stream);
      controller.abort();
      await closed(stream);
    });
    assert.equal((heard[1]?.message.error as NodeJS.ErrnoException).code, 'ABORT_ERR');
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['open', 'error', 'close'],
    );
  });

  it('say without autoClose when it failed, and once more nothing when it is destroyed', async () => {
    const heard = await hearing(WITHOUT_STALLS, async (sofar) => {
      const stream = createReadStream(folder.path('missing'), { autoClose: false });
      stream.on('error', () => undefined);
      await until(() => sofar.length > 0);
      await turn();
      assert.equal(sofar.length, 1);
      await closed(stream.destroy());
    });
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['error', 'close'],
    );
    assert.equal(heard[1]?.message.error, heard[0]?.message.error);
  });

  it('say that it was closed without emitClose, too', async () => {
    const heard = await hearing(['close'], async (sofar) => {
      createReadStream(folder.write('mute', 'abc'), { emitClose: false }).resume();
      await until(() => sofar.length > 0);
    });
    assert.equal(heard.length, 1);
  });

  it('say a gap of datagrams before its event, with the same facts', async function () {
    if (onWindows) return this.skip();
    const { createSocket } = await import('node:dgram');
    const stream = createUdpStream({ slots: 2, slotSize: 65536, maxDatagramSize: 1000, overflow: 'drop-newest' });
    const sender = createSocket('udp4');
    const log: [string, Gap][] = [];
    stream.on('gap', (gap) => log.push(['event', gap]));
    const heard = await hearing(
      WITHOUT_STALLS,
      async () => {
        await new Promise((resolve) => stream.once('listening', resolve));
        const send = (): void => sender.send('x'.repeat(1000), stream.address().port);
        while (stream.stats().droppedChunks === 0) {
          send();
          await turn();
        }
        stream.resume();
        await until(() => stream.stats().slotsReady === 0);
        while (log.length === 0) {
          send();
          await turn();
        }
        await closed(stream.destroy());
      },
      ({ name, message }) => void (name === 'gap' && log.push([name, message.gap as Gap])),
    );
    sender.close();
    assert.equal(log[0]?.[0], 'gap');
    assert.deepEqual(log[1], ['event', log[0]?.[1]]);
    const [open, gap] = heard;
    assert.equal(open?.message.source, 'udp');
    assert.equal(gap?.message.source, 'udp');
    assert.ok((gap?.message.gap as Gap).droppedChunks);
  });

  itWithFifos('say a gap of bytes that were dropped', async () => {
    const fifo = folder.fifo();
    const heard = await hearing(WITHOUT_STALLS, async () => {
      const stream = createDeviceStream(fifo, { slots: 1, slotSize: 10, overflow: 'drop-newest' });
      const writer = await openWriter(fifo);
      await writer.write('0123456789abcdefghij');
      await until(() => stream.stats().droppedBytes === 10);
      writer.close();
      await closed(stream.resume());
    });
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['open', 'gap', 'close'],
    );
    assert.deepEqual(heard[1]?.message.gap, { droppedChunks: 1, droppedBytes: 10, sequence: 1 });
    assert.equal(heard[1]?.message.source, 'device');
  });

  itWhere(!onWindows, 'an open file keeps its name there')('say when what comes is of another file', async () => {
    const path = folder.write('app.log', 'one\n');
    const heard = await hearing(WITHOUT_STALLS, async () => {
      const stream = createReadStream(path, { follow: true, encoding: 'utf8' });
      const events: unknown[] = [];
      stream.on('rotate', (rotation) => events.push(rotation));
      let text = '';
      stream.on('data', (chunk) => (text += String(chunk)));
      await until(() => text === 'one\n');
      renameSync(path, `${path}.1`);
      writeFileSync(path, 'two\n');
      await until(() => text === 'one\ntwo\n');
      appendFileSync(path, 'three\n');
      await until(() => text.endsWith('three\n'));
      assert.equal(events.length, 1);
      await closed(stream.destroy());
    });
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['open', 'rotate', 'close'],
    );
    const rotation = heard[1]?.message.rotation as { from: { offset: number }; to: { offset: number } };
    assert.equal(rotation.from.offset, 4);
    assert.equal(rotation.to.offset, 0);
    assert.equal(heard[1]?.message.source, 'follow');
  });

  it('say the same to all, in the context in which the stream was made', async () => {
    const storage = new AsyncLocalStorage<string>();
    const contexts: unknown[] = [];
    const streams = await hearing(
      WITHOUT_STALLS,
      async (heard) => {
        const stream = storage.run('made', () => createPatternStream());
        await parked(stream);
        await storage.run('destroyed', () => closed(stream.destroy(new Error('on purpose'))));
        assert.deepEqual(namesOf(heard, stream), ['open', 'error', 'close']);
      },
      () => contexts.push(storage.getStore()),
    );
    assert.equal(streams.length, 3);
    assert.deepEqual(contexts, ['made', 'made', 'made']);
  });

  it('leave the stream alone when a subscriber throws', async () => {
    const uncaught = await uncaughtDuring(async (sofar) => {
      await hearing(
        WITHOUT_STALLS,
        async () => {
          const stream = createPatternStream({ length: 10 });
          let length = 0;
          stream.on('data', (chunk: Buffer) => (length += chunk.length));
          await closed(stream);
          assert.equal(length, 10);
          await until(() => sofar.length === 2);
        },
        () => {
          throw new Error('on purpose');
        },
      );
    });
    assert.equal(uncaught.length, 2);
  });
});

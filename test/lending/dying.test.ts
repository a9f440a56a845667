/** Destinations that die while the kernel still sends what they were lent. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import type { Writable } from 'node:stream';
import { createPatternStream, type ProducerStream } from 'slipring';

import { PatternReader } from '../helpers/pattern';
import { closed, turn, until } from '../helpers/waiting';
import { consumer } from './helpers/consumers';

const SEED = 21;
const WINDOW = 2 ** 31 - 1;
// More than a connection's buffers in the kernel hold, and more than one ring.
const options = { seed: SEED, slots: 8, slotSize: 2 ** 20 };

async function listening(server: net.Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Lets the stream fill every slot that came back with later bytes. */
async function goRound(stream: ProducerStream): Promise<void> {
  const goal = stream.stats().chunksDelivered + 4 * options.slots;
  const sink = consumer({ write: (_chunk, _encoding, callback) => setImmediate(callback) });
  stream.pipe(sink);
  await until(() => stream.stats().chunksDelivered >= goal);
  stream.unpipe(sink);
}

/** Waits until the sink's callbacks stay away: all buffers on the way are full. */
async function clogged(sink: Writable): Promise<void> {
  let length = -1;
  for (let same = 0; same < 50; same++) {
    await turn();
    if (sink.writableLength !== length || !sink.writableNeedDrain) same = 0;
    length = sink.writableLength;
  }
}

describe('a destination that dies with writes under way', () => {
  for (const how of ['destroy', 'reset'] as const) {
    it(`sends nothing but its own bytes: net.Socket, ${how}`, async () => {
      const server = net.createServer({ pauseOnConnect: true });
      const sink = net.connect(await listening(server), '127.0.0.1').on('error', () => undefined);
      const [peer] = (await once(server, 'connection')) as [net.Socket];
      peer.on('error', () => undefined);
      const peerClosed = new Promise((resolve) => peer.once('close', resolve));
      const reader = new PatternReader(SEED);
      const stream = createPatternStream(options);
      stream.pipe(sink);
      await clogged(sink);
      if (how === 'destroy') sink.destroy();
      else sink.resetAndDestroy();
      await goRound(stream);
      peer.on('data', (chunk) => reader.take(chunk)).resume();
      await peerClosed;
      reader.assertReached(reader.offset);
      await closed(stream.destroy());
      server.close();
    });
  }

  it('sends nothing but its own bytes: an HTTP/2 stream, whose connection lives on', async () => {
    const server = http2.createServer();
    const port = await listening(server);
    // Between the two, somebody who can stop reading: an HTTP/2 client always reads.
    const between = net.createServer({ pauseOnConnect: true });
    const session = http2.connect(`http://127.0.0.1:${await listening(between)}`, {
      settings: { initialWindowSize: WINDOW },
    });
    const [near] = (await once(between, 'connection')) as [net.Socket];
    const far = net.connect(port, '127.0.0.1');
    near.pipe(far);
    far.pipe(near);
    await once(session, 'connect');
    session.setLocalWindowSize(WINDOW);
    const request = session.request().on('error', () => undefined);
    const [sink] = (await once(server, 'stream')) as [http2.ServerHttp2Stream];
    sink.on('error', () => undefined).respond();
    await once(request, 'response');
    far.unpipe(near);
    far.pause();

    const reader = new PatternReader(SEED);
    request.on('data', (chunk) => reader.take(chunk));
    const stream = createPatternStream(options);
    stream.pipe(sink);
    await clogged(sink);
    sink.close(http2.constants.NGHTTP2_CANCEL);
    sink.destroy();
    await once(sink, 'close');
    await goRound(stream);
    far.pipe(near);
    await once(request, 'close');
    assert.ok(reader.offset > 0);
    reader.assertReached(reader.offset);
    await closed(stream.destroy());
    session.destroy();
    for (const connection of [near, far]) connection.destroy();
    for (const each of [server, between]) each.close();
  });
});

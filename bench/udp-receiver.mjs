/**
 * One receiver of the UDP benchmark, in a process of its own: node udp-receiver.mjs NAME OPTIONS. Tells its parent the port
 * it is bound to; is told when all was sent; and answers with what it got, when nothing comes any more.
 */
import dgram from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

const QUIET_MS = 100;

const got = { received: 0, bytes: 0, misplaced: 0, cpu: undefined };
let begun;
let expected = 0;

/** Counts a datagram, and checks that it comes after the one before. */
function take(data, at, size) {
  const number = data.readUInt32LE(at); // of the 64 bits, there are not that many datagrams
  if (number < expected) got.misplaced++;
  expected = number + 1;
  got.received++;
  got.bytes += size;
}

function slipringStream(createUdpStream, { recvBufferSize, ...options }, listening) {
  const stream = createUdpStream({ recvBufferSize, ...options });
  stream.on('listening', () => listening(stream.address().port));
  return stream;
}

const ended = (stream) => () => {
  const { chunksDelivered, droppedChunks, kernelDrops, wakeups, producerWaits } = stream.stats();
  stream.destroy();
  return { chunksDelivered, dropped: droppedChunks, kernelDrops, wakeups, producerWaits };
};

const receivers = {
  async 'slipring batches()'(options, listening) {
    const { createUdpStream } = await import('slipring');
    const stream = slipringStream(createUdpStream, options, listening);
    const loop = async () => {
      for await (const batch of stream.batches()) {
        const { data, length } = batch;
        for (let i = 0; i < length; i++) take(data, batch.offset(i), batch.size(i));
      }
    };
    loop().catch(() => undefined); // it is destroyed in the end
    return ended(stream);
  },

  async "slipring 'data'"(options, listening) {
    const { createUdpStream } = await import('slipring');
    const stream = slipringStream(createUdpStream, options, listening);
    stream.on('data', ({ data }) => take(data, 0, data.length));
    return ended(stream);
  },

  async 'node:dgram'({ recvBufferSize }, listening) {
    const socket = dgram.createSocket({ type: 'udp4', recvBufferSize });
    socket.on('message', (data) => take(data, 0, data.length));
    socket.bind(0, '127.0.0.1', () => listening(socket.address().port));
    return () => void socket.close();
  },
};

/** Until nothing has come for a while. The CPU time is that up to the last look at which something had. */
async function quiet() {
  for (let before = -1; before !== got.received;) {
    before = got.received;
    got.cpu = process.cpuUsage();
    await delay(QUIET_MS);
  }
}

const [, , name, options] = process.argv;
const end = await receivers[name](JSON.parse(options), (port) => {
  begun = process.cpuUsage(); // not what loading the module took
  process.send({ port });
});
process.once('message', async () => {
  await quiet();
  const cpuUs = got.cpu.user + got.cpu.system - begun.user - begun.system;
  const { received, bytes, misplaced } = got;
  process.send({ received, bytes, misplaced, cpuSeconds: cpuUs / 1e6, ...end() }, () => process.disconnect());
});

/** What has somebody at its other end: FIFOs, sockets, datagrams. */
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createDeviceStream, createReadStream, createUdpStream, type ProducerStream } from 'slipring';

import { known, TEXT, unknown } from './content';
import { mayUseClose, ORDINARY, type MakeOrigin, type Origin } from './origins';
import type { Random } from './random';

type Create = (from: never, options: never) => ProducerStream;

const { O_RDWR, O_RDONLY, O_NONBLOCK } = fs.constants;

/** What was written, and the next of it. */
class Written {
  length = 0;
  readonly content = known(() => TEXT.subarray(0, this.length));

  next(random: Random): Buffer {
    return TEXT.subarray(this.length, this.length + 1 + random.below(random.of([4, 100, 20_000])));
  }
}

const fifo: MakeOrigin = (place, random) => {
  const name = place.fifos.pop();
  if (name === undefined) return undefined;
  const written = new Written();
  let writer: number | undefined = fs.openSync(name, O_RDWR | O_NONBLOCK);
  const hangUp = (): void => {
    if (writer !== undefined) fs.closeSync(writer);
    writer = undefined;
  };
  const common = {
    ...ORDINARY,
    text: true,
    content: written.content,
    poke(what: Random): string {
      if (writer === undefined || what.oneIn(8)) return (hangUp(), 'hang up');
      try {
        const length = fs.writeSync(writer, written.next(what));
        written.length += length;
        return `write ${length}`;
      } catch {
        return 'write into what is full';
      }
    },
    close(taken: boolean): void {
      hangUp();
      if (fd !== undefined && !taken) fs.closeSync(fd);
      place.fifos.push(name);
    },
  };
  const fd = random.oneIn(3) ? fs.openSync(name, O_RDONLY | random.of([0, O_NONBLOCK])) : undefined;
  if ((fd === undefined || mayUseClose) && random.oneIn(3)) {
    const options = fd === undefined ? {} : { fd };
    const create = createReadStream as Create;
    return { ...common, name: 'FIFO as a file', options, create: (given) => create(name as never, given as never) };
  }
  const create = createDeviceStream as Create;
  const options = random.oneIn(3) && fd === undefined ? { persistent: true } : {};
  return {
    ...common,
    name: 'FIFO',
    live: true,
    options,
    create: (given) => create((fd ?? name) as never, given as never),
  };
};

const socket: MakeOrigin = async (place, random) => {
  if (process.platform === 'win32') return undefined;
  const name = path.join(place.folder, `socket-${random.below(2 ** 31)}`);
  const written = new Written();
  const peers = new Set<net.Socket>();
  // The first alone gets anything: there is one stream.
  const server = net.createServer((peer) => peers.add(peer.on('error', () => undefined).resume()));
  await new Promise<void>((resolve) => server.listen(name, resolve));
  const create = createDeviceStream as Create;
  return {
    ...ORDINARY,
    name: 'socket',
    live: true,
    text: true,
    content: written.content,
    create: (given) => create(name as never, given as never),
    poke(what) {
      const [peer] = peers;
      if (peer === undefined || peer.writableEnded || peer.destroyed) return 'nobody is connected';
      if (what.oneIn(8)) return (peer.end(), 'hang up');
      const bytes = written.next(what);
      written.length += bytes.length;
      peer.write(bytes);
      return `write ${bytes.length}`;
    },
    close() {
      for (const peer of peers) peer.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

const udp: MakeOrigin = (_place, random) => {
  if (process.platform === 'win32') return undefined;
  const type = random.of(['udp4', 'udp4', 'udp6'] as const);
  const sender = dgram.createSocket(type).on('error', () => undefined);
  let port: number | undefined;
  const origin: Origin = {
    ...ORDINARY,
    name: type,
    options: {
      type,
      ...(random.oneIn(4) && { maxDatagramSize: 1 + random.below(30) }),
      ...(random.oneIn(4) && { recvBufferSize: 1 + random.below(100_000) }),
      ...(random.oneIn(8) && { reuseAddr: true }),
    },
    live: true,
    content: unknown,
    mayThrow: true, // a datagram has to fit in a slot, and is no text
    create(given) {
      const stream = createUdpStream(given as never);
      stream.on('listening', () => {
        if (!stream.destroyed) ({ port } = stream.address());
      });
      return stream;
    },
    poke(what) {
      const count = 1 + what.below(40);
      if (port === undefined) return 'nobody listens';
      // Each begins with its length, and is a piece of the text.
      for (let i = 0; i < count; i++) sender.send(TEXT.subarray(0, what.below(300)), port, () => undefined);
      return `send ${count}`;
    },
    close: () => new Promise<void>((resolve) => sender.close(resolve)),
  };
  return origin;
};

export const peerOrigins: MakeOrigin[] = [fifo, fifo, socket, udp];

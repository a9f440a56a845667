/** Destinations for the abuse runs. Each knows what has arrived at its far end, and keeps what it may keep. */
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { PassThrough, Transform, type Readable, type Writable } from 'node:stream';
import zlib from 'node:zlib';

import type { Random } from '../../lifecycle/helpers/random';
import { closed, turn, until } from '../../helpers/waiting';
import { consumer } from '../helpers/consumers';

export interface Destination {
  kind: string;
  sink: Writable;
  /** What has arrived when the sink, and whatever is behind it, has come to its end. */
  arrived: () => Promise<Buffer>;
  /** Chunks that were kept, each with a copy made when it came. */
  kept: { chunk: Buffer; copy: Buffer }[];
}

export type Kind = 'file' | 'socket' | 'zlib' | 'consumer' | 'PassThrough' | 'Transform';
export const kinds: readonly Kind[] = ['file', 'socket', 'zlib', 'consumer', 'PassThrough', 'Transform'];

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** Collects what a stream gives until it is over, also when it breaks. Keeps the chunks, not copies. */
function collect(stream: Readable): { chunks: Buffer[]; over: Promise<void> } {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { chunks, over: closed(stream) };
}

/** A server whose connections tests can tell apart. */
export class Peers {
  readonly #server = net.createServer({ pauseOnConnect: true });
  readonly #arrived = new Map<number, net.Socket>();

  async open(): Promise<void> {
    this.#server.on('connection', (peer) => this.#arrived.set(peer.remotePort as number, peer));
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  close(): Promise<unknown> {
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** Both ends of a new connection. */
  async connect(): Promise<[near: net.Socket, far: net.Socket]> {
    const near = net.connect((this.#server.address() as AddressInfo).port, '127.0.0.1');
    await once(near, 'connect');
    const port = near.localPort as number;
    await until(() => this.#arrived.has(port));
    const far = this.#arrived.get(port) as net.Socket;
    this.#arrived.delete(port);
    return [near, far];
  }
}

async function socket(random: Random, peers: Peers): Promise<Destination> {
  const [sink, far] = await peers.connect();
  const limit = random.below(3) === 0 ? random.below(200_000) : Infinity;
  const slow = random.below(3) === 0;
  const { chunks, over } = collect(far);
  let length = 0;
  far.on('data', (chunk) => {
    length += chunk.length;
    if (length > limit) return void far.destroy();
    if (!slow) return;
    far.pause();
    setImmediate(() => far.resume());
  });
  far.resume();
  const arrived = async (): Promise<Buffer> => {
    await over;
    return Buffer.concat(chunks);
  };
  return { kind: slow ? 'slow socket' : 'socket', sink, kept: [], arrived };
}

function file(random: Random, path: string): Destination {
  const sink = fs.createWriteStream(path, { highWaterMark: random.of([1, 1000, 16_384, 1_000_000]) });
  const arrived = async (): Promise<Buffer> => {
    await closed(sink as never);
    return fs.existsSync(path) ? fs.readFileSync(path) : Buffer.alloc(0);
  };
  return { kind: 'file', sink, kept: [], arrived };
}

function gzip(random: Random): Destination {
  const sink = zlib.createGzip({ level: random.of([0, 1]), chunkSize: random.of([1024, 16_384, 200_000]) });
  const gunzip = zlib.createGunzip();
  const { chunks, over } = collect(gunzip);
  sink.once('close', () => sink.readableEnded || gunzip.destroy());
  sink.pipe(gunzip);
  const arrived = async (): Promise<Buffer> => {
    await over;
    return Buffer.concat(chunks);
  };
  return { kind: 'zlib', sink, kept: [], arrived };
}

function promised(random: Random): Destination {
  const kept: Destination['kept'] = [];
  const delay = random.of([0, 0, 1, 1, 4]);
  const failing = random.below(6) === 0 ? random.below(20) : -1;
  const sink = consumer({
    highWaterMark: random.of([0, 1, 16_384, 300_000]),
    write(chunk: Buffer, _encoding, callback) {
      kept.push({ chunk, copy: Buffer.from(chunk) });
      const error = kept.length === failing ? new Error('on purpose') : null;
      if (delay === 0) callback(error);
      else void turns(delay).then(() => callback(error));
    },
  });
  const arrived = async (): Promise<Buffer> => {
    await closed(sink as never);
    return Buffer.concat(kept.map(({ copy }) => copy));
  };
  return { kind: 'consumer', sink, kept, arrived };
}

function through(random: Random, kind: 'PassThrough' | 'Transform'): Destination {
  const kept: Destination['kept'] = [];
  const keep = (chunk: Buffer): void => void kept.push({ chunk, copy: Buffer.from(chunk) });
  const highWaterMark = random.of([1, 16_384, 300_000]);
  const sink =
    kind === 'PassThrough'
      ? new PassThrough({ highWaterMark }).on('data', keep)
      : new Transform({
          highWaterMark,
          transform(chunk: Buffer, _encoding, callback) {
            keep(chunk);
            setImmediate(callback);
          },
        }).resume();
  const arrived = async (): Promise<Buffer> => {
    await closed(sink);
    return Buffer.concat(kept.map(({ chunk }) => chunk));
  };
  return { kind, sink, kept, arrived };
}

export async function open(kind: Kind, random: Random, peers: Peers, path: string): Promise<Destination> {
  const destination = await (kind === 'file'
    ? file(random, path)
    : kind === 'socket'
      ? socket(random, peers)
      : kind === 'zlib'
        ? gzip(random)
        : kind === 'consumer'
          ? promised(random)
          : through(random, kind));
  destination.sink.on('error', () => undefined);
  return destination;
}

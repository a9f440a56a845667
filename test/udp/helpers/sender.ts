/** Who sends to the streams under test: node:dgram, one datagram after the other. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import type { UdpStream } from 'slipring';

import { until } from '../../helpers/waiting';

export interface SenderOptions {
  type?: 'udp4' | 'udp6';
  /** Where it sends from: the loopback address by default. */
  address?: string | undefined;
  /** Whether what it sends to groups leaves through the loopback interface; or the name of another one, for IPv6. */
  groups?: boolean | string | undefined;
}

export class Sender {
  readonly #socket: dgram.Socket;
  readonly #host: string;

  private constructor(socket: dgram.Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
  }

  static async open({ type = 'udp4', address, groups = false }: SenderOptions = {}): Promise<Sender> {
    const loopback = type === 'udp4' ? '127.0.0.1' : '::1';
    const socket = dgram.createSocket(type).bind(0, address ?? loopback);
    await once(socket, 'listening');
    if (groups) socket.setMulticastInterface(typeof groups === 'string' ? `::%${groups}` : (address ?? loopback));
    return new Sender(socket, loopback);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** When the promise is fulfilled, the system has put it into the receiver's buffer, or dropped it. */
  send(data: string | Buffer, to: UdpStream | number, host = this.#host): Promise<void> {
    const port = typeof to === 'number' ? to : to.address().port;
    return new Promise((resolve, reject) => {
      this.#socket.send(data, port, host, (error) => (error ? reject(error) : resolve()));
    });
  }

  async sendAll(texts: Iterable<string | Buffer>, to: UdpStream): Promise<void> {
    for (const text of texts) await this.send(text, to);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Everything that was sent was handed on, or is known to be lost. */
export async function settled(stream: UdpStream, sent: number): Promise<void> {
  await until(() => {
    const { chunksDelivered, droppedChunks } = stream.stats();
    return chunksDelivered + droppedChunks === sent;
  });
}

/** The decimal numbers from 0 on, as texts of a size. */
export function numbers(count: number, size = 8, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => String(from + i).padEnd(size, ' '));
}

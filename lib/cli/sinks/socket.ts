/** Connections. */
import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';

import { Failure } from '../failure';
import type { Sink } from './sink';
import { WritableSink } from './writable';

/** So long nothing may come from the other side at the end. */
const SILENCE_MS = 5000;

class SocketSink extends WritableSink {
  readonly #socket: Socket;

  constructor(name: string, socket: Socket) {
    super(name, socket);
    this.#socket = socket;
    // What the other side says is for nobody; unread, it would make the system reset the connection at its end.
    socket.resume();
  }

  /**
   * Over when the other side has closed as well: what it said to a connection that is gone would cost it what it has not read
   * yet. One that neither closes nor says anything is not waited for, as `nc -l` at a terminal.
   */
  override async end(): Promise<void> {
    await super.end();
    await this.until((done) => {
      if (this.#socket.readableEnded) return done();
      this.#socket.once('end', done).setTimeout(SILENCE_MS, done);
    });
    this.#socket.destroy();
  }
}

async function connected(name: string, where: NetConnectOpts): Promise<Sink> {
  // The other side may have said all it has to say.
  const socket = connect({ ...where, allowHalfOpen: true });
  await once(socket, 'connect');
  return new SocketSink(name, socket);
}

export function openTcp(name: string, rest: string): Promise<Sink> {
  const [, bracketed, plain, port] = /^\/\/(?:\[([^\]]+)\]|([^:[\]/]+)):(\d{1,5})\/?$/.exec(rest) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65535) {
    throw new Failure(`${name}: where to connect to is tcp://HOST:PORT, with a port up to 65535.`, 2);
  }
  return connected(name, { host, port: Number(port) });
}

export function openUnix(name: string, path: string): Promise<Sink> {
  return connected(name, { path });
}

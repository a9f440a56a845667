/** Every kind of terminal sink that Node has, at work, and what has arrived at its far end. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import tls from 'node:tls';
import zlib from 'node:zlib';

import { bytesOf } from '../../helpers/waiting';

export interface Terminal {
  sink: Writable;
  /** All that arrived, when the sink has come to its end. */
  received: Promise<Buffer>;
  /** Lets go of servers and connections. */
  close?: () => unknown;
}

export type Opener = (file: string) => Promise<Terminal> | Terminal;

async function listening(server: net.Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function socket(): Promise<Terminal> {
  const server = net.createServer();
  const sink = net.connect(await listening(server), '127.0.0.1');
  const [peer] = (await once(server, 'connection')) as [net.Socket];
  return { sink, received: bytesOf(peer), close: () => server.close() };
}

// A key that both sides know: no certificate is needed.
const PSK = {
  ciphers: 'PSK',
  pskCallback: () => ({ psk: Buffer.alloc(16, 7), identity: 'test' }),
  checkServerIdentity: () => undefined,
};

async function secureSocket(): Promise<Terminal> {
  const server = tls.createServer({ ...PSK, pskCallback: () => Buffer.alloc(16, 7) });
  const sink = tls.connect({ ...PSK, port: await listening(server), host: '127.0.0.1' });
  const [peer] = (await once(server, 'secureConnection')) as [tls.TLSSocket];
  return { sink, received: bytesOf(peer), close: () => server.close() };
}

async function httpResponse(): Promise<Terminal> {
  const server = http.createServer();
  const request = http.get({ port: await listening(server), agent: false });
  const [, sink] = (await once(server, 'request')) as [unknown, Writable];
  const response = once(request, 'response') as Promise<[Readable]>;
  return { sink, received: response.then(([body]) => bytesOf(body)), close: () => server.close() };
}

async function httpRequest(): Promise<Terminal> {
  const server = http.createServer();
  const sink = http.request({ port: await listening(server), method: 'POST', agent: false });
  const received = (once(server, 'request') as Promise<[Readable, http.ServerResponse]>).then(
    async ([body, answer]) => {
      const bytes = await bytesOf(body);
      answer.end();
      return bytes;
    },
  );
  sink.on('response', (answer) => answer.resume());
  const [connection] = (await once(sink, 'socket')) as [net.Socket];
  await once(connection, 'connect');
  return { sink, received, close: () => server.close() };
}

const plain = (options: zlib.ZlibOptions = {}): zlib.ZlibOptions => ({ level: 1, ...options });

async function http2Session(): Promise<{ server: http2.Http2Server; session: http2.ClientHttp2Session }> {
  const server = http2.createServer();
  const session = http2.connect(`http://127.0.0.1:${await listening(server)}`);
  return { server, session };
}

async function http2Response(event: 'request' | 'stream'): Promise<Terminal> {
  const { server, session } = await http2Session();
  const request = session.request();
  const [first, second] = (await once(server, event)) as [Writable, Writable];
  const sink = event === 'stream' ? first : second;
  return { sink, received: bytesOf(request), close: () => (session.close(), server.close()) };
}

async function http2Request(): Promise<Terminal> {
  const { server, session } = await http2Session();
  const sink = session.request({ ':method': 'POST' }).resume();
  const received = (once(server, 'stream') as Promise<[http2.ServerHttp2Stream]>).then(async ([stream]) => {
    const bytes = await bytesOf(stream);
    stream.respond();
    stream.end();
    return bytes;
  });
  return { sink, received, close: () => (session.close(), server.close()) };
}

function through(sink: Writable & Readable, ...rest: (Writable & Readable)[]): Terminal {
  const last = rest.reduce<Readable>((from, to) => from.pipe(to), sink);
  return { sink, received: bytesOf(last) };
}

const KEY = Buffer.alloc(32, 1);
const IV = Buffer.alloc(16, 2);

function child(): Terminal {
  const { stdin, stdout } = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { sink: stdin, received: bytesOf(stdout) };
}

export const terminals: Record<string, Opener> = {
  'fs.WriteStream': (file) => {
    const sink = fs.createWriteStream(file);
    return { sink, received: once(sink, 'close').then(() => fs.readFileSync(file)) };
  },
  'net.Socket': socket,
  'tls.TLSSocket': secureSocket,
  "a child's standard input": child,
  'http.ServerResponse': httpResponse,
  'http.ClientRequest': httpRequest,
  'http2.ServerHttp2Stream': () => http2Response('stream'),
  'http2.ClientHttp2Stream': http2Request,
  'http2.Http2ServerResponse': () => http2Response('request'),
  'zlib.Gzip': () => through(zlib.createGzip(plain()), zlib.createGunzip()),
  'zlib.Deflate': () => through(zlib.createDeflate(plain()), zlib.createInflate()),
  'zlib.DeflateRaw': () => through(zlib.createDeflateRaw(plain()), zlib.createInflateRaw()),
  'zlib.BrotliCompress': () =>
    through(
      zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
      zlib.createBrotliDecompress(),
    ),
  'crypto.Cipheriv': () =>
    through(crypto.createCipheriv('aes-256-ctr', KEY, IV), crypto.createDecipheriv('aes-256-ctr', KEY, IV)),
  'crypto.Decipheriv': () =>
    through(
      crypto.createDecipheriv('aes-256-ctr', KEY, IV),
      crypto.createCipheriv('aes-256-ctr', KEY, IV),
      new PassThrough(),
    ),
};

/** Sinks that make something smaller of all they get. */
export const digests: Record<string, { create: () => Writable; digest: (sink: Writable) => string }> = {
  'crypto.Hash': {
    create: () => crypto.createHash('sha256'),
    digest: (sink) => (sink as unknown as crypto.Hash).digest('hex'),
  },
  'crypto.Hmac': {
    create: () => crypto.createHmac('sha256', KEY),
    digest: (sink) => (sink as unknown as ReturnType<typeof crypto.createHmac>).digest('hex'),
  },
};

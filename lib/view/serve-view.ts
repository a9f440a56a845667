/** The HTTP server of a view. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Gate, type Refusal } from './gate';
import { nameOfHost } from './host-name';
import { type Page, readPage } from './page';
import { Telling } from './telling';
import { resolveViewOptions, type ViewOptions } from './view-options';

/** What {@link serveView} returns. */
export interface View extends AsyncDisposable {
  /** The address of the page, with the token: whoever has it sees the view. */
  readonly url: string;
  /** Tells whoever watches that it is over, and listens no more. */
  close(): Promise<void>;
}

/** A page and its events need two connections for each who watches; the others are let in one after the other. */
const MOST_CONNECTIONS = 32;
const REQUEST_MS = 10_000;
const CLOSING_MS = 1000;
/** All addresses of the machine: nobody can open these. */
const EVERYWHERE = ['0.0.0.0', '::'];

/** For every answer. The token is in the address, which is nobody else's business. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

const NOT_FOUND: Refusal = { status: 404, reason: 'A view has a page, at /, and /events. There is nothing else.' };
const FULL: Refusal = {
  status: 503,
  reason: 'As many watch as may at a time. Close another page.',
  headers: { 'Retry-After': '5' },
};

function refuse(response: ServerResponse, { status, reason, headers }: Refusal): void {
  // What else comes on this connection is not listened to.
  const own = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
  response.writeHead(status, { ...HEADERS, ...own, ...headers }).end(`${reason}\n`);
}

function answer(request: IncomingMessage, response: ServerResponse, gate: Gate, page: Page, telling: Telling): void {
  const [where = '', query = ''] = (request.url ?? '').split('?', 2);
  const refusal = gate.refuse(request, new URLSearchParams(query).get('token'));
  if (refusal) return refuse(response, refusal);
  if (where === '/') return void response.writeHead(200, { ...HEADERS, ...page.headers }).end(page.text);
  if (where !== '/events') return refuse(response, NOT_FOUND);
  if (telling.watchers.isFull) return refuse(response, FULL);
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' });
  if (request.method === 'HEAD') return void response.end();
  response.flushHeaders();
  telling.watchers.add(response);
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  server.listen(port, host);
  await once(server, 'listening');
  // One connection that could not be accepted is no reason to end the program.
  server.on('error', () => undefined);
  server.unref();
  return server.address() as AddressInfo;
}

/** Whoever does not read what it was told is not waited for. */
async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
  await closed;
  clearTimeout(timer);
}

/**
 * Opens a live view of all streams of this thread, for a browser: a page on this machine. It lets the process exit, changes nothing,
 * and does next to nothing while nobody watches. See docs/view.md for who may see it.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE for options that cannot be right; what `net.Server` fails
 *   with when it cannot listen, such as EADDRINUSE.
 */
export async function serveView(options: ViewOptions = {}): Promise<View> {
  const { host, port, token } = resolveViewOptions(options);
  const page = readPage();
  const gate = new Gate(host, token);
  const telling = new Telling();
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, maxHeaderSize: 8192 };
  const server = createServer(limits, (request, response) => answer(request, response, gate, page, telling));
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => socket.unref());
  let bound: AddressInfo;
  try {
    bound = await listen(server, host, port);
  } catch (error) {
    telling.close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    if (closing) return closing;
    telling.close();
    return (closing = shut(server));
  };
  const name = EVERYWHERE.includes(host) ? '127.0.0.1' : nameOfHost(host);
  return { url: `http://${name}:${bound.port}/?token=${token}`, close, [Symbol.asyncDispose]: close };
}

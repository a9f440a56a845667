/** Who may see a view. A page of somebody else's, which runs in the user's browser, may not, whatever name it has itself called by. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { nameOfHost } from './host-name';

/** Why a request is not answered. */
export interface Refusal {
  status: number;
  reason: string;
  headers?: Record<string, string>;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const HTTP_PORT = 80;
/** Of `Sec-Fetch-Site`: a page of the view itself, or the user, who typed the address. */
const OWN = ['same-origin', 'none'];

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export class Gate {
  readonly #names: readonly string[];
  readonly #token: Buffer;

  constructor(host: string, token: string) {
    this.#names = [...LOOPBACK, nameOfHost(host)];
    this.#token = digest(token);
  }

  /** @returns undefined when it may be answered */
  refuse(request: IncomingMessage, token: string | null): Refusal | undefined {
    const { method = '', headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      return {
        status: 405,
        reason: `A view changes nothing: it answers GET and HEAD, and not ${method}.`,
        headers: { Allow: 'GET, HEAD' },
      };
    }
    if (!this.#isOwn(headers.host, request)) {
      // A name of somebody else's may lead here: https://en.wikipedia.org/wiki/DNS_rebinding
      return {
        status: 403,
        reason: 'The host of the address is not the one that the program printed. Use that address.',
      };
    }
    const { origin } = headers;
    const site = headers['sec-fetch-site'];
    if ((origin !== undefined && origin !== `http://${headers.host}`) || (site !== undefined && !OWN.includes(site))) {
      return { status: 403, reason: 'The request comes from a page of another origin. Open the address by itself.' };
    }
    if (token === null) {
      return { status: 403, reason: 'The token is missing. Use the whole address that the program printed.' };
    }
    if (!timingSafeEqual(digest(token), this.#token)) {
      return {
        status: 403,
        reason: 'The token is not the one of this program. Use the address that it printed when it was started.',
      };
    }
    return undefined;
  }

  #isOwn(host: string | undefined, { socket }: IncomingMessage): boolean {
    const [, name = '', port = HTTP_PORT] = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(host ?? '') ?? [];
    if (Number(port) !== socket.localPort) return false;
    // Where it arrived is an address: no foreign name.
    const names = [...this.#names, nameOfHost(socket.localAddress ?? '')];
    return names.includes(name.toLowerCase());
  }
}

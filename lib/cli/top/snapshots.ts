/** What a view tells, as it comes: see docs/view.md. */
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import type { ViewSnapshot } from '../../view';
import { Failure, reasonOf } from '../failure';

const OK = 200;
const VERSION: ViewSnapshot['version'] = 1;
const DATA = 'data: ';

/** @throws Failure for what is not the address of a view */
export function eventsOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' || !url.searchParams.has('token')) {
    throw new Failure(`${address} is not what a view prints, which is http://HOST:PORT/?token=TOKEN.`, 2);
  }
  url.pathname = '/events';
  return url;
}

function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { signal, agent: false }, resolve).on('error', (error) =>
      reject(new Failure(`cannot reach the view at ${url.host}: ${reasonOf(error)}.`)),
    );
  });
}

/** What is read of it before it breaks off. */
async function reasonIn(response: IncomingMessage): Promise<string> {
  const reason = await text(response).catch(() => '');
  return reason.trim() || `${response.statusCode} ${response.statusMessage}.`;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function snapshotOf(json: string, { host }: URL): ViewSnapshot {
  const snapshot = parsed(json) as ViewSnapshot | null | undefined;
  if (snapshot?.version === VERSION && Array.isArray(snapshot.streams)) return snapshot;
  throw new Failure(`what ${host} sends is not what a view of this version does. Use the slipring of that program.`);
}

/** Until the program ends, or `signal` is aborted. @throws Failure when there is no view, or it refuses */
export async function* snapshotsOf(url: URL, signal: AbortSignal): AsyncGenerator<ViewSnapshot, void, undefined> {
  const response = await request(url, signal);
  if (response.statusCode !== OK) throw new Failure(`the view refuses: ${await reasonIn(response)}`);
  try {
    for await (const line of createInterface(response)) {
      if (line === 'event: end') return;
      if (line.startsWith(DATA)) yield snapshotOf(line.slice(DATA.length), url);
    }
  } catch (error) {
    // A program that was killed says nothing.
    const isOver = signal.aborted || (error as { code?: unknown }).code === 'ECONNRESET';
    if (!isOver) throw error;
  } finally {
    response.destroy();
  }
}

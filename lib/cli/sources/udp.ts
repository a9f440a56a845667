/** Datagrams. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import type { Membership } from '../../sources/multicast';
import { createUdpStream, type UdpStream } from '../../sources/udp';
import { sizeOf } from '../values';
import { checkQuery, type Locator, numberIn, wrongLocator } from './locator';
import { opened, type Source, type SourceOptions, unreadable } from './source';

/** What has a multicast address can only be a group. */
const GROUP = /^(?:22[4-9]|23\d)\.|^ff[\da-f]{2}:/i;

/** What the system is asked for, which gives what it may. By default it has 200 KiB: 3 ms of 100,000 datagrams a second. */
const ROOM = 4 * 1024 * 1024;

interface Place {
  /** Undefined for every address of the machine. */
  host: string | undefined;
  port: number;
}

function placeOf(locator: Locator): Place {
  const [, bracketed, plain, digits] = /^\/\/(?:\[([^\]]+)\]|([^:[\]/]*)):(\d{1,5})\/?$/.exec(locator.rest) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65535) {
    throw wrongLocator(locator, 'where to listen is udp://HOST:PORT or udp://:PORT, with a port up to 65535.');
  }
  const host = bracketed ?? plain;
  return { host: host === '' ? undefined : host, port };
}

async function addressOf(locator: Locator, host: string | undefined): Promise<string | undefined> {
  if (host === undefined || isIP(host.split('%')[0] as string) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw unreadable(locator.text, error);
  }
}

function membershipOf(locator: Locator, address: string | undefined): Membership | undefined {
  const { query } = locator;
  const group = query.get('group') ?? (address !== undefined && GROUP.test(address) ? address : undefined);
  if (group === undefined) {
    const vain = ['interface', 'source'].find((name) => query.has(name));
    if (vain !== undefined)
      throw wrongLocator(locator, `${vain} is of a multicast group: name one with group=ADDRESS.`);
    return undefined;
  }
  return { address: group, interface: query.get('interface'), source: query.get('source') };
}

/** With a group the default is better: nothing but what is sent to it, on its interface. */
function bindTo(address: string | undefined, multicast: Membership | undefined): string | undefined {
  if (multicast === undefined) return address ?? '0.0.0.0';
  return address === multicast.address ? undefined : address;
}

export async function openUdp(locator: Locator, options: SourceOptions): Promise<Source & { stream: UdpStream }> {
  checkQuery(locator, ['group', 'interface', 'source', 'reuse', 'rcvbuf']);
  if (options.records !== undefined) throw wrongLocator(locator, 'has datagrams already: leave --records out.');
  const { host, port } = placeOf(locator);
  const address = await addressOf(locator, host);
  const multicast = membershipOf(locator, address);
  const stream = createUdpStream({
    ...options,
    port,
    multicast,
    type: (address ?? multicast?.address)?.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: numberIn(locator, 'rcvbuf', sizeOf) ?? ROOM,
    reuseAddr: locator.query.has('reuse'),
    address: bindTo(address, multicast),
  });
  const source = { name: locator.text, stream };
  await opened(source, 'listening');
  return source;
}

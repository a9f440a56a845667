/** Multicast groups: what is given as `multicast`, checked, and where to bind to hear them. */
import { isIP, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';

import { invalidArgType, invalidArgValue } from '../errors';
import { copyOf, validateAddress } from '../options';

/** A multicast group to join. */
export interface Membership {
  /** The group's address. */
  address: string;
  /** The network interface to join it on: its name, or an address of it. By default the system chooses. */
  interface?: string | undefined;
  /** The address of the one sender to listen to. By default all are. */
  source?: string | undefined;
}

/** None when the system cannot say, as without a free descriptor: joining will meet the same trouble, and tell. */
function interfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

/** The name of the interface that has the address; what is given when there is none, and the system will say so. */
function interfaceName(given: string): string {
  if (isIP(given) === 0) return given;
  const [address] = given.split('%');
  for (const [name, addresses] of Object.entries(interfaces())) {
    if (addresses?.some((own) => own.address === address)) return name;
  }
  return given;
}

export interface Group {
  address: string;
  /** Where to bind to hear nothing else: with the interface, where the address alone says too little. */
  bindTo: string;
  /** As addon/sources/udp.cc takes it. */
  text: string;
}

function membership(given: unknown, name: string, family: number): Group {
  if (typeof given !== 'object' || given === null) throw invalidArgType(name, 'of type object', given);
  const { address, interface: on, source } = copyOf(given as Membership);
  validateAddress(address, `${name}.address`, [family]);
  if (on !== undefined && typeof on !== 'string') throw invalidArgType(`${name}.interface`, 'of type string', on);
  if (on !== undefined && !/^(?!-$)[^\s/\0]{1,63}$/.test(on)) {
    throw invalidArgValue(`${name}.interface`, 'must be the name or an address of a network interface', on);
  }
  if (source !== undefined) validateAddress(source, `${name}.source`, [family]);
  const local = on === undefined ? '-' : interfaceName(on);
  const bindTo = local !== '-' && /^ff.[12]:[^%]*$/i.test(address) ? `${address}%${local}` : address;
  return { address, bindTo, text: [address, local, source ?? '-'].join(' ') };
}

/** Where to bind when nobody says where: to hear the groups, and nothing else if that can be. */
export function defaultAddress(groups: readonly Group[], family: number): string {
  const [first, ...others] = groups;
  if (!first) return family === 4 ? '127.0.0.1' : '::1';
  if (others.length === 0) return first.bindTo;
  return family === 4 ? '0.0.0.0' : '::';
}

export function resolveGroups(multicast: unknown = [], family: number): Group[] {
  if (!Array.isArray(multicast)) return [membership(multicast, 'options.multicast', family)];
  return multicast.map((group: unknown, i) => membership(group, `options.multicast[${i}]`, family));
}

/** Each address in one way of writing; the scope of one of IPv6 is not part of it. */
function canonical(address: string): string {
  const [text = ''] = address.split('%');
  return new SocketAddress({ address: text, family: isIP(text) === 4 ? 'ipv4' : 'ipv6' }).address;
}

const EVERYWHERE = ['0.0.0.0', '::'];

/** A socket gets what is sent to the address that it is bound to, and no group's datagrams besides. */
export function validateHears(address: string, groups: readonly Group[]): string {
  const own = canonical(address);
  if (EVERYWHERE.includes(own) || groups.every((group) => canonical(group.address) === own)) return address;
  const reason =
    'must be the address of the only group, or of all interfaces, or left out: no group is heard elsewhere';
  throw invalidArgValue('options.address', reason, address);
}

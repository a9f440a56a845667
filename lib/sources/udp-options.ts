/** The options of `createUdpStream`, checked, and as addon/sources/udp.cc takes them. */
import { invalidArgValue, outOfRange } from '../errors';
import {
  PLAIN,
  resolveStreamOptions,
  validateAddress,
  validateBoolean,
  validateInteger,
  type ResolvedStreamOptions,
  type StreamOptions,
} from '../options';
import type { SourceOptions } from '../ring';
import { defaultAddress, resolveGroups, validateHears, type Membership } from './multicast';

/** The options of {@link createUdpStream}: those that `node:dgram` has, and those of every stream but `encoding`. */
export interface UdpStreamOptions extends StreamOptions {
  /**
   * Where to bind: an IP address of this machine.
   * @defaultValue '127.0.0.1' or '::1'; with `multicast` the address of the group, or all addresses for several groups
   */
  address?: string | undefined;
  /**
   * Where to bind; 0 is any port that is free.
   * @defaultValue 0
   */
  port?: number | undefined;
  /**
   * The family of addresses.
   * @defaultValue 'udp4'
   */
  type?: 'udp4' | 'udp6' | undefined;
  /**
   * Whether several sockets may share the address: each gets what is sent to a group, the last one all else.
   * @defaultValue false
   */
  reuseAddr?: boolean | undefined;
  /**
   * Whether several sockets may share the address, among which the system spreads the senders.
   * @defaultValue false
   */
  reusePort?: boolean | undefined;
  /**
   * Whether a socket of type 'udp6' that is bound to '::' leaves IPv4 to others.
   * @defaultValue false
   */
  ipv6Only?: boolean | undefined;
  /**
   * How many buffers the background thread fills ahead, 1 to 1024. By default a quarter of the ring at first, and all of it
   * once the consumer falls behind.
   * @defaultValue as many as 16 MiB hold, 4 to 256: 128
   */
  slots?: number | undefined;
  /**
   * Size of each buffer, in bytes, 65 to 1 GiB. The datagrams in it have 48 bytes each besides their own.
   * @defaultValue 128 KiB
   */
  slotSize?: number | undefined;
  /** Bytes that the system keeps until they are received, with much overhead: `SO_RCVBUF`. */
  recvBufferSize?: number | undefined;
  /**
   * How many bytes of a datagram are kept, 1 to 65535.
   * @defaultValue 65535, or what a slot has room for: `slotSize - 64`
   */
  maxDatagramSize?: number | undefined;
  /** Multicast groups to join. */
  multicast?: Membership | readonly Membership[] | undefined;
}

export interface ResolvedUdpOptions {
  stream: ResolvedStreamOptions;
  address: string;
  port: number;
  source: SourceOptions;
}

const FAMILIES = { udp4: 4, udp6: 6 } as const;
const LARGEST_DATAGRAM = 65535;

// docs/performance.md says how these were chosen.
const DEFAULT_SLOT_SIZE = 128 * 1024;
const DEFAULT_RING_SIZE = 16 * 1024 * 1024;
const DEFAULT_SLOTS = { least: 4, most: 256 };
/** The share of the ring that suffices for a consumer that keeps up. */
const FIRST_SHARE = 1 / 4;

/** What a slot holds besides its one largest datagram: the entry of the table, and what aligns it. */
const RECORD_ROOM = 64;

/** What whoever asks for characters is told. */
export function noEncoding(name: string, encoding: unknown): TypeError {
  return invalidArgValue(name, 'means nothing here: the chunks are datagrams', encoding);
}

function resolveCommon(options: UdpStreamOptions): ResolvedStreamOptions {
  const { encoding } = options;
  if (encoding !== undefined && encoding !== null && encoding !== 'buffer') {
    throw noEncoding('options.encoding', encoding);
  }
  const common = resolveStreamOptions(options, {
    ...PLAIN,
    live: true,
    objectMode: true,
    defaultSlotSize: DEFAULT_SLOT_SIZE,
  });
  const { least, most } = DEFAULT_SLOTS;
  const slots = Math.min(Math.max(Math.floor(DEFAULT_RING_SIZE / common.slotSize), least), most);
  // What fits in the socket's buffer comes within milliseconds: the slots do not wait for the consumer to ask for them.
  if (options.slots !== undefined) return { ...common, choosesSize: false };
  const growsFrom = common.overflow === 'block' ? Math.ceil(slots * FIRST_SHARE) : undefined;
  return { ...common, slots, growsFrom, choosesSize: false };
}

function resolveLargest({ maxDatagramSize }: UdpStreamOptions, slotSize: number): number {
  const most = slotSize - RECORD_ROOM;
  if (most < 1) throw outOfRange('options.slotSize', `> ${RECORD_ROOM}`, slotSize);
  if (maxDatagramSize === undefined) return Math.min(most, LARGEST_DATAGRAM);
  return validateInteger(maxDatagramSize, 'options.maxDatagramSize', 1, Math.min(most, LARGEST_DATAGRAM));
}

export function resolveUdpOptions(options: UdpStreamOptions): ResolvedUdpOptions {
  const { type = 'udp4', port = 0, reuseAddr = false, reusePort = false, ipv6Only = false } = options;
  const { recvBufferSize } = options;
  if (type !== 'udp4' && type !== 'udp6') throw invalidArgValue('options.type', "must be 'udp4' or 'udp6'", type);
  const family = FAMILIES[type];
  const groups = resolveGroups(options.multicast, family);
  const address =
    options.address === undefined
      ? defaultAddress(groups, family)
      : validateHears(validateAddress(options.address, 'options.address', [family]), groups);
  const stream = resolveCommon(options);
  const source: SourceOptions = {
    address: Buffer.from(address),
    port: validateInteger(port, 'options.port', 0, 65535),
    ipv6: family === 6 ? 1 : 0,
    reuse_address: Number(validateBoolean(reuseAddr, 'options.reuseAddr')),
    reuse_port: Number(validateBoolean(reusePort, 'options.reusePort')),
    ipv6_only: Number(validateBoolean(ipv6Only, 'options.ipv6Only')),
    largest: resolveLargest(options, stream.slotSize),
    ...(recvBufferSize !== undefined && {
      receive_buffer: validateInteger(recvBufferSize, 'options.recvBufferSize', 1, 2 ** 31 - 1),
    }),
    ...Object.fromEntries(groups.map(({ text }, i) => [`group${i}`, Buffer.from(text)])),
  };
  return { stream, address, port, source };
}

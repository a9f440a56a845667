/** Files for tcpdump and Wireshark: each datagram gets the headers of IP and UDP back, as far as they are known. */
import { isIPv4 } from 'node:net';

import type { DatagramBatch } from '../../records';
import type { Encode } from './formats';
import { addressBytes } from './ip-address';

const MAGIC_NANOSECONDS = 0xa1b23c4d;
const SNAP_LENGTH = 262_144;
/** Packets begin with the header of IP. */
const LINKTYPE_RAW = 101;

const RECORD = 16;
const UDP = 8;
const IPV4 = 20;
const IPV6 = 40;
const PROTOCOL_UDP = 17;
const TIME_TO_LIVE = 64;

const SECOND = 1_000_000_000n;

export function pcapHead(): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(MAGIC_NANOSECONDS, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(SNAP_LENGTH, 16);
  head.writeUInt32LE(LINKTYPE_RAW, 20);
  return head;
}

export interface Receiver {
  address: string;
  port: number;
}

/** The Internet's checksum: over words of 16 bits, the last one filled up. `sum`: of what is not there. */
function checksum(bytes: Buffer, begin: number, end: number, sum = 0): number {
  let at = begin;
  for (; at + 1 < end; at += 2) sum += bytes.readUInt16BE(at);
  if (at < end) sum += (bytes[at] as number) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function writeIpv4(out: Buffer, at: number, length: number, from: Buffer, to: Buffer): void {
  out.fill(0, at, at + IPV4);
  out[at] = 0x45;
  out.writeUInt16BE(length + IPV4, at + 2);
  out[at + 8] = TIME_TO_LIVE;
  out[at + 9] = PROTOCOL_UDP;
  from.copy(out, at + 12);
  to.copy(out, at + 16);
  out.writeUInt16BE(checksum(out, at, at + IPV4), at + 10);
}

function writeIpv6(out: Buffer, at: number, length: number, from: Buffer, to: Buffer): void {
  out.writeUInt32BE(0x60000000, at);
  out.writeUInt16BE(length, at + 4);
  out[at + 6] = PROTOCOL_UDP;
  out[at + 7] = TIME_TO_LIVE;
  from.copy(out, at + 8);
  to.copy(out, at + 24);
}

/** A checksum of 0 says that there is none. */
function writeUdp(out: Buffer, at: number, length: number, from: number, to: number): void {
  out.writeUInt16BE(from, at);
  out.writeUInt16BE(to, at + 2);
  out.writeUInt16BE(length, at + 4);
  out.writeUInt16BE(0, at + 6);
}

/** With IPv6 there has to be one: over the addresses, the protocol, and all of the datagram. */
function sumUdp(out: Buffer, at: number, length: number): void {
  const sum = checksum(out, at - 32, at + length, PROTOCOL_UDP + length);
  out.writeUInt16BE(sum === 0 ? 0xffff : sum, at + 6);
}

function writeRecord(out: Buffer, at: number, timestamp: bigint, length: number): void {
  out.writeUInt32LE(Number(timestamp / SECOND), at);
  out.writeUInt32LE(Number(timestamp % SECOND), at + 4);
  out.writeUInt32LE(length, at + 8);
  out.writeUInt32LE(length, at + 12);
}

/** `receiver`: where the socket is bound. */
export function pcap(receiver: Receiver): Encode {
  const isV4 = isIPv4(receiver.address);
  const own = {
    IPv4: addressBytes(isV4 ? receiver.address : '0.0.0.0'),
    IPv6: addressBytes(isV4 ? '::' : receiver.address),
  };
  return (batch: DatagramBatch, count: number) => {
    const out = Buffer.allocUnsafe(batch.data.length + count * (RECORD + IPV6 + UDP));
    const ends: number[] = [];
    let at = 0;
    for (let i = 0; i < count; i++) {
      const datagram = batch.at(i);
      if (!datagram) break;
      const { data, remoteAddress, remoteFamily, remotePort, timestamp } = datagram;
      const header = remoteFamily === 'IPv4' ? IPV4 : IPV6;
      const length = UDP + data.length;
      writeRecord(out, at, timestamp, header + length);
      at += RECORD;
      const write = remoteFamily === 'IPv4' ? writeIpv4 : writeIpv6;
      write(out, at, length, addressBytes(remoteAddress), own[remoteFamily]);
      writeUdp(out, at + header, length, remotePort, receiver.port);
      data.copy(out, at + header + UDP);
      if (remoteFamily === 'IPv6') sumUdp(out, at + header, length);
      at += header + length;
      ends.push(at);
    }
    return { data: out.subarray(0, at), ends };
  };
}

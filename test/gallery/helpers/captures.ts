/** Capture files that tests make, and packets as slots() gives them. */
import type { ProducerStream, Slot } from 'slipring';

/** One packet of Ethernet, IPv4 and UDP, to a port. */
export function udpPacket(port: number, payload: Buffer): Buffer {
  const headers = Buffer.alloc(42);
  headers.writeUInt16BE(0x0800, 12);
  headers[14] = 0x45;
  headers.writeUInt16BE(28 + payload.length, 16);
  headers[22] = 64;
  headers[23] = 17;
  headers.writeUInt32BE(0x7f000001, 26);
  headers.writeUInt32BE(0x7f000001, 30);
  headers.writeUInt16BE(5000, 34);
  headers.writeUInt16BE(port, 36);
  headers.writeUInt16BE(8 + payload.length, 38);
  return Buffer.concat([headers, payload]);
}

/** A .pcap file with times in microseconds, in which the packets are cut to `snaplen`. */
export function captureOf(packets: Buffer[], snaplen: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(snaplen, 16);
  header.writeUInt32LE(1, 20);
  const records = packets.map((packet, i) => {
    const about = Buffer.alloc(16);
    about.writeUInt32LE(1_700_000_000 + i, 0);
    about.writeUInt32LE((i * 7919) % 1_000_000, 4);
    about.writeUInt32LE(Math.min(packet.length, snaplen), 8);
    about.writeUInt32LE(packet.length, 12);
    return Buffer.concat([about, packet.subarray(0, snaplen)]);
  });
  return Buffer.concat([header, ...records]);
}

export interface Packet {
  data: Buffer;
  originalLength: number;
  timestamp: bigint;
}

/** Copies of the packets in a slot, as their table has them. */
export function packetsOf(slot: Slot): Packet[] {
  return Array.from({ length: slot.recordCount }, (_, i) => {
    const entry = slot.recordTable.subarray(i * 24, (i + 1) * 24);
    const offset = entry.readUInt32LE(0);
    const data = Buffer.from(slot.data.subarray(offset, offset + entry.readUInt32LE(4)));
    return { data, originalLength: entry.readUInt32LE(8), timestamp: entry.readBigUInt64LE(16) };
  });
}

/** All packets, to the end. */
export async function allPacketsOf(stream: ProducerStream): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const slot of stream.slots()) packets.push(...packetsOf(slot));
  return packets;
}

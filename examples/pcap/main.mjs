// Packets from a capture file or from an interface: counts them, and writes them into a .pcap file if one is named. Ends
// with the file, after some packets, or with Ctrl-C:
//
//   node main.mjs (--file FILE.pcap | --interface lo) [--filter 'udp port 53'] [--count 10] [--write FILE.pcap]
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createPluginStream } from 'slipring';

const PLUGIN = fileURLToPath(new URL('pcap.so', import.meta.url));
const RECORD_SIZE = 24;
// In the slots there are whole batches, so this is also the size of the largest packet that is not cut.
const SLOT_SIZE = 1024 * 1024;
// Libpcap calls raw IP 12, .pcap files call it 101. Other types of today have one number.
const RAW_IP = { 12: 101 };

/** The packets of a chunk, from the table behind its data: see Record in pcap.cc. */
function* packetsOf(slot) {
  const table = slot.recordTable;
  for (let at = 0; at < table.length; at += RECORD_SIZE) {
    const offset = table.readUInt32LE(at);
    const length = table.readUInt32LE(at + 4);
    yield {
      data: slot.data.subarray(offset, offset + length),
      originalLength: table.readUInt32LE(at + 8),
      timestamp: table.readBigUInt64LE(at + 16),
    };
  }
}

/** What a .pcap file with times in nanoseconds begins with. */
function fileHeader(user) {
  const linkType = Number(user & 0xffff_ffffn);
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b23c4d, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(Number(user >> 32n), 16);
  header.writeUInt32LE(RAW_IP[linkType] ?? linkType, 20);
  return header;
}

function packetHeader({ data, originalLength, timestamp }) {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Number(timestamp / 1_000_000_000n), 0);
  header.writeUInt32LE(Number(timestamp % 1_000_000_000n), 4);
  header.writeUInt32LE(data.length, 8);
  header.writeUInt32LE(originalLength, 12);
  return header;
}

async function main() {
  const { values } = parseArgs({
    options: {
      file: { type: 'string' },
      interface: { type: 'string' },
      filter: { type: 'string' },
      count: { type: 'string', default: 'Infinity' },
      write: { type: 'string' },
    },
  });
  const { file, interface: device, filter, write } = values;
  const limit = Number(values.count);
  const stream = createPluginStream(PLUGIN, { slotSize: SLOT_SIZE, config: { file, interface: device, filter } });
  let [packets, bytes, dropped, stopped] = [0, 0, 0, false];
  stream.on('gap', ({ droppedChunks }) => (dropped += droppedChunks));
  process.once('SIGINT', () => {
    stopped = true;
    stream.destroy();
  });
  await once(stream, 'ready');
  const output = write === undefined ? undefined : await open(write, 'w');
  console.log(`link type ${stream.name}`);
  try {
    for await (const slot of stream.slots()) {
      const pieces = packets === 0 ? [fileHeader(slot.user)] : [];
      for (const packet of packetsOf(slot)) {
        if (packets === limit) break;
        packets++;
        bytes += packet.data.length;
        if (output) pieces.push(packetHeader(packet), packet.data);
      }
      // The slot is lent until the next turn of the loop: it has to be written by then.
      await output?.writev(pieces);
      if (packets === limit) break;
    }
  } catch (error) {
    if (!stopped) throw error;
  } finally {
    await output?.close();
  }
  console.log(`${packets} packets, ${bytes} bytes, ${dropped} dropped`);
}

main().catch((error) => {
  console.error(`pcap: ${error.message}`);
  process.exitCode = 1;
});

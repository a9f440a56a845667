/** Ways into the Web's streams, and what takes them. `toWeb()` is the stream's own where it has one. */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

import { startPeer } from './peer.mjs';

const MIB = 1024 * 1024;

const toWeb = (stream, options) => stream.toWeb?.(options) ?? Readable.toWeb(stream, options);

async function read(readable, count) {
  const reader = readable.getReader();
  for (let next; !(next = await reader.read()).done;) count(next.value.byteLength);
}

async function readInto(readable, view, count) {
  const reader = readable.getReader({ mode: 'byob' });
  for (let next; !(next = await reader.read(view)).done;) {
    count(next.value.byteLength);
    view = new Uint8Array(next.value.buffer);
  }
}

async function upload(stream, body, count, { peer }) {
  const response = await fetch(peer.url, { method: 'POST', body, duplex: 'half' });
  await response.arrayBuffer();
  count(stream.bytesRead);
}

const uploads = { prepare: async ({ programs }) => ({ peer: await startPeer(programs, 'serve') }) };

/** All bytes are in memory at the end. */
const MEMORY = { share: 1 / 4 };

export const web = {
  'Readable.toWeb': (stream, count) => read(Readable.toWeb(stream), count),

  'toWeb()': (stream, count) => read(toWeb(stream), count),

  'BYOB 1 MiB': {
    openNode: (path) => open(path),
    run: async (stream, count) => {
      const readable = stream.readableWebStream?.({ type: 'bytes' }) ?? toWeb(stream, { type: 'bytes' });
      await readInto(readable, new Uint8Array(MIB), count);
      await stream.close();
    },
  },

  'ReadableStream.from': (stream, count) => read(ReadableStream.from(stream), count),

  'Response(stream)': {
    ...MEMORY,
    run: async (stream, count) => count((await new Response(stream).arrayBuffer()).byteLength),
  },

  'Response(toWeb())': {
    ...MEMORY,
    run: async (stream, count) => count((await new Response(toWeb(stream)).arrayBuffer()).byteLength),
  },

  'fetch upload': { ...uploads, run: (stream, count, context) => upload(stream, stream, count, context) },

  'fetch upload, toWeb()': {
    ...uploads,
    run: (stream, count, context) => upload(stream, toWeb(stream), count, context),
  },
};

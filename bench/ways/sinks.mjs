/** Ways into a sink. Done means received, where there is another side. */
import { createHash } from 'node:crypto';
import { on, once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { startPeer } from './peer.mjs';

let outputs = 0;

async function listening() {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export const sinks = {
  'pipe to file': {
    /** What a program in C does with one buffer, of these sizes. */
    program: { name: 'read_write', sizes: [256 * 1024, 2048 * 1024] },
    run: async (stream, count, { folder }) => {
      const destination = fs.createWriteStream(path.join(folder, `output-${outputs++}`));
      await pipeline(stream, destination);
      count(fs.statSync(destination.path).size);
    },
  },

  TCP: {
    prepare: async ({ programs }) => ({ peer: await startPeer(programs, 'serve') }),
    run: async (stream, count, { peer }) => {
      const socket = net.connect(peer.port, '127.0.0.1').resume();
      const closed = once(socket, 'close');
      await pipeline(stream, socket);
      await closed;
      count(socket.bytesWritten);
    },
  },

  'http response': {
    prepare: async ({ programs }) => {
      const server = await listening();
      const requests = on(server, 'request');
      return { requests, peer: await startPeer(programs, 'get', server.address().port) };
    },
    run: async (stream, count, { requests }) => {
      const [request, response] = (await requests.next()).value;
      const closed = once(request.socket, 'close');
      await pipeline(stream, response);
      await closed;
      count(stream.bytesRead);
    },
  },

  gzip: {
    share: 1 / 8,
    run: async (stream, count) => {
      const gzip = createGzip({ level: 1 }); // the fastest, so that reading is not lost to sight altogether
      await pipeline(stream, gzip, new Writable({ write: (chunk, encoding, callback) => callback() }));
      count(gzip.bytesWritten);
    },
  },

  hash: {
    share: 1 / 2,
    run: async (stream, count) => {
      await pipeline(stream, createHash('sha256'));
      count(stream.bytesRead);
    },
  },
};

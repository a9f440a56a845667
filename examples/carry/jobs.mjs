// The three ways to carry a stream that `open` opens. `carry` is what is clocked, and returns how many bytes arrived;
// `verify` returns the SHA-256 of what arrived, or of what arrives when it is carried again in the same way.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { hashOf } from './hash.mjs';

/** Sends the stream to a receiver, and returns its answer, which it gives when it has everything. */
async function send(stream, port) {
  const socket = connect(port, '127.0.0.1');
  const [answer] = await Promise.all([text(socket), pipeline(stream, socket)]);
  return answer;
}

export const jobs = {
  copy: {
    async carry(open, { copy }) {
      await pipeline(open(), createWriteStream(copy));
      const { size } = await stat(copy);
      return size;
    },
    async verify(_open, { copy, watch }) {
      const { sha256 } = await hashOf(copy, watch);
      return sha256;
    },
  },
  send: {
    carry: async (open, { ports }) => Number(await send(open(), ports.counting)),
    verify: (open, { ports }) => send(open(), ports.hashing),
  },
  iterate: {
    async carry(open) {
      let bytes = 0;
      for await (const chunk of open()) bytes += chunk.length;
      return bytes;
    },
    async verify(open) {
      const hash = createHash('sha256');
      for await (const chunk of open()) hash.update(chunk);
      return hash.digest('hex');
    },
  },
};

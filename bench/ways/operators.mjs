/** What Node's streams can do with each other, and with a worker. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Worker } from 'node:worker_threads';

export const operators = {
  compose: (stream, count) => {
    const composed = stream.compose(async function* (source) {
      for await (const chunk of source) yield chunk;
    });
    return once(
      composed.on('data', (chunk) => count(chunk.length)),
      'end',
    );
  },

  PassThrough: (stream, count) =>
    once(
      stream.pipe(new PassThrough()).on('data', (chunk) => count(chunk.length)),
      'end',
    ),

  'map + filter': async (stream, count) => {
    const lengths = stream.map((chunk) => chunk.length).filter((length) => length > 0);
    for await (const length of lengths) count(length);
  },

  reduce: async (stream, count) => count(await stream.reduce((bytes, chunk) => bytes + chunk.length, 0)),

  toArray: {
    share: 1 / 4, // all bytes are in memory at the end
    run: async (stream, count) => {
      for (const chunk of await stream.toArray()) count(chunk.length);
    },
  },

  'stream/iter': {
    flags: ['--experimental-stream-iter'],
    prepare: () => import('node:stream/iter'),
    run: async (stream, count, { from }) => {
      for await (const batch of from(stream)) {
        for (const chunk of batch) count(chunk.byteLength);
      }
    },
  },

  'postMessage + transfer': {
    prepare: async () => {
      const worker = new Worker(new URL('worker.mjs', import.meta.url));
      await once(worker, 'online');
      return { worker };
    },
    run: async (stream, count, { worker }) => {
      for await (const chunk of stream) worker.postMessage(chunk, [chunk.buffer]);
      worker.postMessage('all');
      const [bytes] = await once(worker, 'message');
      count(bytes);
    },
  },
};

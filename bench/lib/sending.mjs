/** What the two socket cases share: everything but the kind of socket. */
import { once } from 'node:events';
import net from 'node:net';
import { pipeline } from 'node:stream/promises';

import { fsReaders, slipringReaders } from './readers.mjs';
import { nativeOfSizes } from './tools.mjs';

/** `endpoint` as bench/native/socket.h describes it. */
async function connect({ endpoint }) {
  const [kind, where] = endpoint.split(/:(.*)/s);
  const socket = net.connect(kind === 'tcp' ? { host: '127.0.0.1', port: Number(where) } : { path: where });
  await once(socket, 'connect');
  return socket;
}

function sent(reader) {
  return {
    ...reader,
    prepare: connect,
    run: async (context) => {
      const socket = context.prepared;
      // The receiver closes when it has everything: done means received.
      const closed = once(socket.resume(), 'close');
      await pipeline(reader.open(context), socket);
      await closed;
      return { bytes: socket.bytesWritten };
    },
  };
}

export function sendingCase(kind, title) {
  return {
    name: kind,
    title,
    receiver: kind,
    columns: ['gbPerSecond', 'cpuPerGb', 'peakRss'],
    contenders: ({ sweep }) => [
      ...fsReaders().map(sent),
      ...slipringReaders({ sweep }).map(sent),
      ...nativeOfSizes('C read() + write()', [262144], 'read_send', ({ input, endpoint }) => [input, endpoint]),
    ],
  };
}

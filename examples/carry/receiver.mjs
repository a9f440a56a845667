// The other ends of the TCP connections, in the parent process: one counts the bytes, which costs next to nothing, and
// one hashes them. Each answers when the sender has ended, so the sender knows when everything has arrived.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

async function startReceiver(receive) {
  // Half open: the answer comes after the sender's end.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const { take, answer } = receive();
    socket.on('data', take);
    socket.on('end', () => socket.end(answer()));
    // The sender sees it too, and reports it.
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function counting() {
  let bytes = 0;
  return { take: (chunk) => (bytes += chunk.length), answer: () => String(bytes) };
}

function hashing() {
  const hash = createHash('sha256');
  return { take: (chunk) => hash.update(chunk), answer: () => hash.digest('hex') };
}

export async function startReceivers() {
  const servers = { counting: await startReceiver(counting), hashing: await startReceiver(hashing) };
  return {
    ports: { counting: servers.counting.address().port, hashing: servers.hashing.address().port },
    close() {
      for (const server of Object.values(servers)) server.close();
    },
  };
}

/** `slipring copy` to who is on the other side of a connection. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import net from 'node:net';

import { temporaryFolder } from '../helpers/files';
import { carry, start } from './helpers/running';

const LENGTH = 3_000_001;

describe('a connection of slipring copy', () => {
  const temporary = temporaryFolder();

  it('ends when the other side has ended it, which may answer as late as it likes', async () => {
    const bytes = readFileSync(temporary.fill('source', LENGTH));
    const server = net.createServer({ allowHalfOpen: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const running = start(
      temporary.path('.'),
      'copy',
      'source',
      `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    );
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    // What it answers meets a connection that has no more to say. If that were gone, what is unread here would be, too.
    const received: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      received.push(chunk);
      await new Promise((resolve) => socket.write('so much', resolve));
    }
    assert.ok(Buffer.concat(received).equals(bytes));
    socket.end();
    const { code, stderr } = await running.done;
    assert.equal(stderr, '');
    assert.equal(code, 0);
    server.close();
  });

  it('leaves no new file at SIGHUP when all is written, and only the other side is waited for', async () => {
    const server = net.createServer({ allowHalfOpen: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    const running = start(temporary.path('.'), 'copy', 'pattern:1K', 'log', `tcp://127.0.0.1:${port}`);
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    await once(socket.resume(), 'end');
    renameSync(temporary.path('log'), temporary.path('log.1'));
    running.child.kill('SIGHUP');
    await running.answer();
    socket.end();
    const { code, stderr } = await running.done;
    assert.doesNotMatch(stderr, /cannot/);
    assert.equal(code, 0);
    assert.deepEqual(
      readdirSync(temporary.path('.')).filter((name) => name.startsWith('log')),
      ['log.1'],
    );
    server.close();
  });

  it('is left when the other side says nothing for five seconds, and does not close it', async () => {
    const server = net.createServer({ allowHalfOpen: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    const running = start(temporary.path('.'), 'copy', 'pattern:1K', `tcp://127.0.0.1:${port}`);
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    await once(socket.resume(), 'end');
    const { code, stderr } = await running.done;
    assert.equal(stderr, '');
    assert.equal(code, 0);
    socket.destroy();
    server.close();
  });

  it('fails when the other side breaks it off, also at its very end', async () => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.resume().on('end', () => socket.resetAndDestroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    const { code, stderr } = await carry(temporary.path('.'), 'copy', 'pattern:1K', `tcp://127.0.0.1:${port}`);
    assert.match(stderr, /^slipring: cannot write tcp:.*: connection reset by peer \(ECONNRESET\)\.\n$/);
    assert.equal(code, 1);
    server.close();
  });
});

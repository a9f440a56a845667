/** Named pipes of Windows: what others write, and a read that blocks, which destroy() cancels. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import net from 'node:net';
import { createReadStream } from 'slipring';

import { promised } from '../helpers/promised';
import { closed } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';

const itWithNamedPipes = itWhere(onWindows, 'only Windows has named pipes');

describe('a named pipe', () => {
  let server: net.Server;
  const path = `\\\\.\\pipe\\slipring-test-${process.pid}`;

  before(async function () {
    if (!onWindows) return;
    server = net.createServer();
    await once(server.listen(path), 'listening');
  });
  after(() => server?.close());

  itWithNamedPipes('gives what a writer writes when it is written, and ends when the writer is gone', async () => {
    const connected = once(server, 'connection') as Promise<[net.Socket]>;
    const stream = createReadStream(path);
    const chunks: string[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    const [writer] = await connected;
    for (const text of ['one', 'two']) {
      writer.write(text);
      await once(stream, 'data');
    }
    writer.end();
    await closed(stream);
    assert.deepEqual(chunks, ['one', 'two']);
    assert.ok(stream.readableEnded);
  });

  itWithNamedPipes('is given up at once by destroy(), also while a read waits for a writer', async () => {
    const connected = once(server, 'connection') as Promise<[net.Socket]>;
    const stream = createReadStream(path).resume();
    const [writer] = await connected;
    writer.on('error', () => undefined).write('something');
    await once(stream, 'data');
    const begun = performance.now();
    await closed(stream.destroy());
    assert.ok(performance.now() - begun < promised(100));
    writer.destroy();
  });
});

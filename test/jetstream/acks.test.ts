/** Acks that are lost, although all is stored. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import net from 'node:net';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createReadStream } from 'slipring';
import { publish } from 'slipring/jetstream';

import { linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { describeWithServer, PATIENT, stage } from './helpers/servers';
import { lastLine } from './helpers/shipping';

/** As many as are sent before an ack has come. */
const LINES = 1;

/** Between a client and the server. While it is `deaf` it carries what the client says, and nothing back. */
class Between {
  deaf = false;
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;

  constructor(port: number) {
    this.#server = net.createServer((near) => {
      const far = net.connect(port, '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => other.destroy());
      }
      near.pipe(far);
      far.on('data', (data) => this.deaf || near.write(data));
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

describeWithServer('publish(), when only acks are lost,', () => {
  const folder = temporaryFolder();
  const on = stage();

  it('finds that all is stored, and ends', async () => {
    await on.stream();
    const file = folder.write('lines', linesOf(0, LINES));
    const between = new Between(on.server.port);
    // The address that the server says it has, too, leads past what is between.
    const nats = await connect({ servers: await between.listen(), ...PATIENT, ignoreClusterUpdates: true });
    try {
      const open = () => {
        between.deaf = true;
        return createReadStream(file, { records: 'lines' });
      };
      const published = publish(open, jetstream(nats), { subject: 'logs.a', onRetry: () => undefined });
      while ((await lastLine(on.manager)) < LINES - 1);
      between.deaf = false;
      between.cut();
      const { messages, retries } = await published;
      assert.equal(messages, LINES);
      assert.ok(retries > 0);
    } finally {
      await nats.close();
      between.close();
    }
    assert.equal((await on.stored()).join('\n') + '\n', linesOf(0, LINES));
  });
});

/** A cluster of three, whose leader is killed, and a publisher whose cable is cut: every line is stored once, in order. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jetstream, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

import { lineOf } from '../../follow/helpers/lines';
import { temporaryFolder } from '../../helpers/files';
import { itWhere } from '../../helpers/where';
import { Cable, mayCut } from '../helpers/cable';
import { describeWithServer, PATIENT, type Server, startCluster } from '../helpers/servers';
import { assertStored, lastLine, meanwhile, Shipper, write } from '../helpers/shipping';

const LOG = { lines: 200_000, rotations: 20, pause: 1000 };
const TIMES = 5;
const CUT_MS = 10_000;

describeWithServer('a cluster of three', () => {
  const files = temporaryFolder();
  const itCut = itWhere(mayCut(), 'network namespaces are not allowed');
  let folder = '';
  let servers: Server[] = [];
  let nats: NatsConnection;
  let js: JetStreamClient;
  let manager: JetStreamManager;

  async function start(host?: string): Promise<string> {
    folder = mkdtempSync(path.join(tmpdir(), 'slipring-cluster-'));
    servers = await startCluster(folder, host);
    const addresses = servers.map(({ address }) => address);
    nats = await connect({ servers: addresses, ...PATIENT });
    js = jetstream(nats, { timeout: 2000 });
    manager = await js.jetstreamManager(false);
    // They need a moment to find each other.
    for (let isMade = false; !isMade;) {
      const made = manager.streams.add({ name: 'LOGS', subjects: ['logs.*'], num_replicas: 3 });
      isMade = await made.then(
        () => true,
        () => false,
      );
    }
    return addresses.join();
  }

  afterEach(async () => {
    await nats?.close();
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** The one that decides what is stored. */
  async function leader(): Promise<Server> {
    for (;;) {
      const info = await manager.streams.info('LOGS').catch(() => undefined);
      const number = info?.cluster?.leader?.slice(1);
      if (number) return servers[Number(number)] as Server;
    }
  }

  async function ship(addresses: string, happen: () => Promise<unknown>, via: string[] = []): Promise<void> {
    const { lines } = LOG;
    const file = files.write('log', lineOf(0));
    const shipper = new Shipper(addresses, file, 'logs.a', via);
    try {
      while ((await lastLine(manager)) < 0) shipper.assertAlive();
      const written = write({ path: file, ...LOG });
      const events = Array.from({ length: TIMES }, (_, i) => ({ at: ((i + 1) * lines) / (TIMES + 2), happen }));
      await meanwhile(manager, lines, shipper, events);
      await written;
    } finally {
      await shipper.stop();
    }
    await assertStored(js, lines);
  }

  it('has every line, once and in order, when its leader is killed', async () => {
    await ship(await start(), async () => (await leader()).restart());
  });

  itCut('has every line, once and in order, when the publisher is cut off', async () => {
    const cable = await Cable.make();
    try {
      await ship(await start(cable.host), () => cable.cut(CUT_MS), cable.via);
    } finally {
      await cable.remove();
    }
  });
});

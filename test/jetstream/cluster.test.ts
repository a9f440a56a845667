/**
 * A cluster of three, whose leader is killed, and a publisher whose cable is cut: every line is stored once, in order.
 * With SLIPRING_JETSTREAM=full there is much more of all.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

import { lineOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { itWhere } from '../helpers/where';
import { describeWithServer, PATIENT, type Server, startCluster } from './helpers/servers';
import { assertStored, lastLine, meanwhile, Shipper, write } from './helpers/shipping';

const FULL = process.env.SLIPRING_JETSTREAM === 'full';
const MUCH = FULL
  ? { lines: 200_000, rotations: 20, pause: 1000, times: 5, cutMs: 10_000 }
  : { lines: 8000, rotations: 4, pause: 300, times: 1, cutMs: 2000 };

/** Ours, in a network of its own: 192.0.2.0/24 is for documentation, and nobody's. */
const SPACE = 'slipring-test';
const [HERE, THERE] = ['192.0.2.1', '192.0.2.2'];
const [NEAR, FAR] = ['slipring-near', 'slipring-far'];

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'ignore' });
}

/** Whether we may make networks. */
function mayCut(): boolean {
  const isMade = onLinux && spawnSync('ip', ['netns', 'add', SPACE]).status === 0;
  if (isMade) ip('netns', 'del', SPACE);
  return isMade;
}

describeWithServer('a cluster of three', function (this: unknown) {
  (this as Mocha.Suite).timeout(FULL ? 900_000 : 60_000);
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
    const { lines, times, ...log } = MUCH;
    const file = files.write('log', lineOf(0));
    const shipper = new Shipper(addresses, file, 'logs.a', via);
    try {
      while ((await lastLine(manager)) < 0) shipper.assertAlive();
      const written = write({ path: file, style: 'rename,link', lines, ...log });
      const events = Array.from({ length: times }, (_, i) => ({ at: ((i + 1) * lines) / (times + 2), happen }));
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
    ip('netns', 'add', SPACE);
    try {
      ip('link', 'add', NEAR, 'type', 'veth', 'peer', 'name', FAR, 'netns', SPACE);
      ip('addr', 'add', `${HERE}/24`, 'dev', NEAR);
      ip('link', 'set', NEAR, 'up');
      ip('-n', SPACE, 'addr', 'add', `${THERE}/24`, 'dev', FAR);
      ip('-n', SPACE, 'link', 'set', FAR, 'up');
      ip('-n', SPACE, 'link', 'set', 'lo', 'up');
      const cut = async (): Promise<void> => {
        ip('link', 'set', NEAR, 'down');
        await delay(MUCH.cutMs); // that long it is cut: nothing tells when it has been so
        ip('link', 'set', NEAR, 'up');
      };
      await ship(await start(HERE), cut, ['ip', 'netns', 'exec', SPACE]);
    } finally {
      spawnSync('ip', ['link', 'del', NEAR]);
      ip('netns', 'del', SPACE);
    }
  });
});

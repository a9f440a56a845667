/** Real servers, on loopback ports of their own. None outlives the tests. */
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jetstream, type JetStreamClient, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

import { onLinux } from '../../helpers/process';
import { describeWhere, describeWithPackages } from '../../helpers/where';
import { killed, spawnBound } from './bound';

/** `describe` where there is a server. */
export const describeWithServer = onLinux
  ? describeWithPackages({ 'nats-server': 'nats-server', 'util-linux': 'setpriv' })
  : describeWhere(false, 'the server is started on Linux');

/** Of what it says at its start. */
const MOST_SAID = 100_000;

/** Below those that Linux gives to clients: one that looks for a server which is down would connect to itself there. */
const PORTS = { from: 12_000, to: 32_000 };

/** A port that nobody has, on the loopback. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const server = net.createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    server.close();
    if (isFree) return port;
  }
}

/** Waits until it says so. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < MOST_SAID) said += text;
      if (said.includes('Server is ready')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`nats-server has ended: ${said}`)));
  });
}

/** One process, which can be killed and started again with the same port and the same store. */
export class Server {
  readonly port: number;
  readonly #args: string[];
  #child: ChildProcess | undefined;

  constructor(
    port: number,
    store: string,
    args: string[] = [],
    readonly host = '127.0.0.1',
  ) {
    this.port = port;
    this.#args = ['-js', '-a', host, '-p', String(port), '-sd', store, ...args];
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  async start(): Promise<void> {
    this.#child = spawnBound('nats-server', this.#args, ['ignore', 'ignore', 'pipe']);
    await ready(this.#child);
  }

  /** Stops it as `kill -STOP` does: it takes connections and answers nothing. All its threads stand still when it returns. */
  freeze(): void {
    const tasks = `/proc/${this.#child?.pid}/task`;
    this.#child?.kill('SIGSTOP');
    const isStopped = (task: string): boolean => readFileSync(`${tasks}/${task}/stat`, 'latin1').includes(') T ');
    while (!readdirSync(tasks).every(isStopped));
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    await killed(this.#child);
  }

  /** As a power cut, and the power comes back. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }
}

export interface Stage {
  server: Server;
  nats: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
  /** Makes the stream, without what was in it. */
  stream(config?: Partial<StreamConfig>): Promise<void>;
  /** The payloads that a subject has, in order. */
  stored(subject?: string): Promise<string[]>;
}

/** How a client waits here: short, so that what is lost is noticed soon. */
export const PATIENT = { reconnectTimeWait: 50, maxReconnectAttempts: -1, waitOnFirstConnect: true, timeout: 2000 };

/** How long `stage().js` waits for an answer. */
export const ANSWER_MS = 1000;

/** Call it in a `describe`: a server and a client, while its tests run. The stream is LOGS, with the subjects `logs.*`. */
export function stage(maxPayload = 1024 * 1024): Stage {
  const it = {} as Stage;
  let folder = '';
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'slipring-nats-'));
    const settings = path.join(folder, 'settings');
    writeFileSync(settings, `max_payload: ${maxPayload}\n`);
    const args = ['-c', settings];
    it.server = new Server(await freePort(), folder, args);
    await it.server.start();
    it.nats = await connect({ servers: it.server.address, ...PATIENT });
    it.js = jetstream(it.nats, { timeout: ANSWER_MS });
    it.manager = await it.js.jetstreamManager();
  });
  after(async () => {
    await it.nats?.close();
    await it.server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  it.stream = async (config = {}) => {
    await it.manager.streams.delete('LOGS').catch(() => undefined);
    await it.manager.streams.add({ name: 'LOGS', subjects: ['logs.*'], ...config });
  };
  it.stored = (subject = 'logs.a') => payloads(it.js, subject);
  return it;
}

async function payloads(js: JetStreamClient, subject: string): Promise<string[]> {
  const consumer = await js.consumers.get('LOGS', { filter_subjects: subject });
  let { num_pending: left } = await consumer.info();
  const all: string[] = [];
  while (left > 0) {
    for await (const message of await consumer.fetch({ max_messages: Math.min(left, 5000) })) {
      all.push(message.string());
      left--;
    }
  }
  return all;
}

/** Three servers that know each other. */
export async function startCluster(folder: string, host = '127.0.0.1'): Promise<Server[]> {
  const ports = [await freePort(), await freePort(), await freePort()];
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join();
  const servers: Server[] = [];
  for (const [i, port] of ports.entries()) {
    const own = ['-cluster', `nats://127.0.0.1:${port}`, '-cluster_name', 'c', '-routes', routes, '-n', `n${i}`];
    servers.push(new Server(await freePort(), path.join(folder, `n${i}`), own, host));
  }
  await Promise.all(servers.map((server) => server.start()));
  return servers;
}

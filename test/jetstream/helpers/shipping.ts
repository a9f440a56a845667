/** A log that is written and rotated by one process and published by another one, which is killed now and then. */
import { strict as assert } from 'node:assert';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { createJetStreamStream, type JetStreamRecord } from 'slipring/jetstream';

import { lineOf } from '../../follow/helpers/lines';
import { killed, spawnBound } from './bound';
import type { Stage } from './servers';

export interface Log {
  path: string;
  lines: number;
  rotations: number;
  /** Milliseconds between rotations. */
  pause: number;
}

function fixture(name: string, args: (string | number)[], via: string[] = []): ChildProcess {
  const program = path.join(__dirname, '..', 'fixtures', `${name}.js`);
  const [command, ...rest] = [...via, process.execPath, program, ...args.map(String)];
  return spawnBound(command as string, rest, ['ignore', 'pipe', 'inherit']);
}

/** Begins to write. The promise is fulfilled when all is written. */
export function write({ path: file, lines, rotations, pause }: Log): Promise<void> {
  const child = fixture('writer', [file, lines, rotations, pause]);
  return once(child, 'exit').then(([code]) => assert.equal(code, 0));
}

/** Never left behind: `stop` it in a `finally`. */
export class Shipper {
  /** What was lost, as it was told. */
  readonly gaps: { droppedBytes: number; files?: number }[] = [];
  readonly #start: () => ChildProcess;
  #child: ChildProcess;

  constructor(servers: string, file: string, subject = 'logs.a', via: string[] = []) {
    this.#start = () => {
      const child = fixture('publisher', [servers, file, subject], via);
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.trim().split('\n')) this.gaps.push(JSON.parse(line) as (typeof this.gaps)[number]);
      });
      return child;
    };
    this.#child = this.#start();
  }

  /** It never ends by itself. */
  assertAlive(): void {
    assert.equal(this.#child.exitCode, null);
  }

  async stop(): Promise<void> {
    await killed(this.#child);
  }

  /** As `kill -9` and a supervisor do. */
  async restart(): Promise<void> {
    this.assertAlive();
    await this.stop();
    this.#child = this.#start();
  }
}

/** The number of the last line that is stored; -1 when there is none, or nobody to ask. */
export async function lastLine(manager: JetStreamManager): Promise<number> {
  const last = await manager.streams.getMessage('LOGS', { last_by_subj: 'logs.a' }).catch(() => null);
  return last ? parseInt(last.string(), 10) : -1;
}

/** Does what is due when so many lines are stored, in this order, and waits for the last one. */
export async function meanwhile(
  manager: JetStreamManager,
  lines: number,
  shipper: Shipper,
  events: { at: number; happen: () => Promise<unknown> }[],
): Promise<void> {
  const due = [...events].sort((a, b) => a.at - b.at);
  for (let last = -1; last < lines - 1 || due.length > 0; last = await lastLine(manager)) {
    shipper.assertAlive();
    while (due[0] && due[0].at <= last) await due.shift()?.happen();
  }
}

/** Whether every line is stored, once and in order. */
export async function assertStored(js: JetStreamClient, lines: number): Promise<void> {
  const [expected, stored] = [createHash('sha256'), createHash('sha256')];
  let count = 0;
  for await (const record of createJetStreamStream(js, { subject: 'logs.a', follow: false, maxMessages: 2000 })) {
    const { data } = record as JetStreamRecord;
    const line = `${data.toString()}\n`;
    if (line !== lineOf(count)) assert.equal(line, lineOf(count), `message ${count}`);
    stored.update(line);
    expected.update(lineOf(count++));
  }
  assert.equal(count, lines);
  assert.equal(stored.digest('hex'), expected.digest('hex'));
}

/** Ships a log while both it and the server are killed at places of chance: all is stored, and nothing is said to be lost. */
export async function shipKilled(on: Stage, log: Log, kills: { publisher: number; server: number }): Promise<void> {
  await on.stream();
  const shipper = new Shipper(on.server.address, log.path);
  const event = (happen: () => Promise<unknown>) => ({ at: randomInt(log.lines - 1), happen });
  const events = [
    ...Array.from({ length: kills.publisher }, () => event(() => shipper.restart())),
    ...Array.from({ length: kills.server }, () => event(() => on.server.restart())),
  ];
  try {
    while ((await lastLine(on.manager)) < 0) shipper.assertAlive();
    const written = write(log);
    await meanwhile(on.manager, log.lines, shipper, events).catch((error: unknown) => {
      console.error('killed at', events.map(({ at }) => at).join());
      throw error;
    });
    await written;
  } finally {
    await shipper.stop();
  }
  await assertStored(on.js, log.lines);
  assert.deepEqual(shipper.gaps, []);
}

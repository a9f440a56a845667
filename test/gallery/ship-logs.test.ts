/** The example ship-logs: killed and restarted while it follows logs that are rotated. */
import { strict as assert } from 'node:assert';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

import { linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { killed, spawnBound } from '../jetstream/helpers/bound';
import { describeWithServer, stage } from '../jetstream/helpers/servers';

const PROGRAM = path.join(__dirname, '..', '..', '..', 'examples', 'ship-logs', 'main.mjs');
const ROUNDS = 4;
const LINES = 500;

describeWithServer('the example ship-logs', () => {
  const folder = temporaryFolder();
  const on = stage();
  const host = hostname().replace(/[^\w-]/g, '_');
  let child: ChildProcess | undefined;

  function start(): void {
    child = spawnBound(process.execPath, [PROGRAM, folder.path('logs'), on.server.address]);
  }

  afterEach(() => killed(child));

  async function stored(name: string, count: number): Promise<void> {
    const query = { last_by_subj: `logs.${host}.${name}` };
    const wanted = `${count - 1}`;
    for (let last = ''; last !== wanted;) {
      assert.equal(child?.exitCode, null);
      const message = await on.manager.streams.getMessage('LOGS', query).catch(() => null);
      last = message?.string().split(' ')[0] ?? '';
    }
  }

  it('ships each line of each log once, in order, over kills and rotations', async () => {
    await on.stream({ subjects: ['logs.>'] });
    mkdirSync(folder.path('logs'));
    const [a, b] = [folder.path('logs/a.log'), folder.path('logs/b.log')];
    writeFileSync(a, linesOf(0, LINES));
    writeFileSync(folder.path('logs/other.txt'), 'not a log\n');
    start();
    await stored('a_log', LINES);
    writeFileSync(b, linesOf(0, LINES)); // comes later
    await stored('b_log', LINES);
    for (let round = 1; round < ROUNDS; round++) {
      await killed(child);
      for (const log of [a, b]) {
        appendFileSync(log, linesOf(round * LINES, round * LINES + 100));
        for (let old = round - 1; old >= 1; old--) renameSync(`${log}.${old}`, `${log}.${old + 1}`);
        renameSync(log, `${log}.1`);
        writeFileSync(log, linesOf(round * LINES + 100, (round + 1) * LINES));
      }
      start();
      await stored('a_log', (round + 1) * LINES);
      await stored('b_log', (round + 1) * LINES);
    }
    for (const name of ['a_log', 'b_log']) {
      const lines = await on.stored(`logs.${host}.${name}`);
      assert.equal(lines.join('\n') + '\n', linesOf(0, ROUNDS * LINES));
    }
  });
});

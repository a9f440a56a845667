/**
 * Runs sequences one after the other: `child.js FOLDER PLUGINS SEED COUNT`. Says the seed of each before it begins, as a
 * line of JSON, and what was wrong with it; what it does stands in FOLDER/trace. Whoever started it ends it after a problem.
 * As a worker it goes on until it is terminated.
 */
import { appendFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

import { startNodesOwnThreads } from '../lifecycle/helpers/threads';
import { describe, OnPurpose } from './helpers/errors';
import { difference, held } from './helpers/held';
import { makePlace } from './helpers/place';
import { Random } from './helpers/random';
import { Sequence } from './helpers/sequence';
import { runWorker, type WorkerData } from './helpers/worker';

export interface Line {
  seed?: number;
  problem?: string;
}

/** What was joined or closed may be listed for a moment longer. */
const PATIENCE_MS = 5000;

/** The last one is of descriptors that nobody has, which only a worker knows. */
const EXPECTED_WARNINGS =
  /^(MaxListenersExceeded|Experimental|Deprecation)Warning|File descriptor (1000000|2147483647) /;

const say = (line: Line): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const report = isMainThread
  ? (problem: string): void => {
      say({ problem });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // nothing changes until somebody has looked
    }
  : (problem: string): void => parentPort?.postMessage(problem);

process.on('uncaughtException', (error, how) => {
  if (!(error instanceof OnPurpose)) report(`${how}: ${describe(error)}`);
});
process.on('warning', (warning) => {
  const isOurs = (warning as NodeJS.ErrnoException).code === 'SLIPRING_ALL_LENT';
  if (!isOurs && !EXPECTED_WARNINGS.test(String(warning))) report(`a warning: ${describe(warning)}`);
});

async function alone(folder: string, plugins: string, first: number, count: number): Promise<void> {
  const place = makePlace(folder, plugins);
  const file = path.join(folder, 'trace');
  const trace = (text: string): void => appendFileSync(file, `${text}\n`);
  // What stays once it is there.
  await startNodesOwnThreads();
  await runWorker(place, new Random(first), report);
  for (let seed = first; seed < first + count; seed++) {
    say({ seed });
    writeFileSync(file, '');
    const before = held();
    await new Sequence(seed, place, report, trace).run();
    const limit = Date.now() + PATIENCE_MS;
    while (difference(before, held()) !== '' && Date.now() < limit) await turn();
    const left = difference(before, held());
    if (left !== '') report(left);
  }
}

async function untilTerminated({ seed, place }: WorkerData): Promise<void> {
  for (let next = seed; ; next++) await new Sequence(next, place, report, () => undefined).run();
}

if (isMainThread) {
  const [, , folder, plugins, first, count] = process.argv as [string, string, string, string, string, string];
  void alone(folder, plugins, Number(first), Number(count));
} else {
  void untilTerminated(workerData as WorkerData);
}

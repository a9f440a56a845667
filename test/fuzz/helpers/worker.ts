/** The same in a worker, which is terminated at any moment. */
import path from 'node:path';
import { setTimeout as time } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { partOf, type Place } from './place';
import type { Random } from './random';
import type { Report } from './watched';

export interface WorkerData {
  seed: number;
  place: Place;
}

const LONGEST_MS = 100;

export async function runWorker(place: Place, random: Random, report: Report): Promise<void> {
  const part = partOf(place);
  const seed = random.below(2 ** 32);
  const life = random.below(LONGEST_MS);
  const worker = new Worker(path.join(__dirname, '..', 'child.js'), { workerData: { seed, place: part } });
  worker.on('message', (problem) => report(`a worker (seed ${seed}): ${String(problem)}`));
  worker.on('error', (error) => report(`a worker (seed ${seed}): ${String(error)}`));
  await new Promise<void>((resolve) => worker.once('online', resolve));
  await time(life);
  await worker.terminate();
  place.fifos.push(...part.fifos);
}

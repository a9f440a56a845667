/** The background threads of streams, as Linux sees them. */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ProducerStream } from 'slipring';

import { isKept, noThreadIsKept, threads } from '../../helpers/process';
import { until } from '../../helpers/waiting';

/** Starts the threads that node itself starts only when they are needed, so that they are not taken for ours. */
export async function startNodesOwnThreads(): Promise<void> {
  await Promise.all(Array.from({ length: 64 }, () => stat('.')));
}

/** Makes a stream and waits for its thread. */
export async function withThread<Stream extends ProducerStream>(make: () => Stream): Promise<[Stream, string]> {
  await noThreadIsKept();
  const before = new Set(threads());
  const stream = make();
  let started: string[] = [];
  await until(() => (started = threads().filter((thread) => !before.has(thread))).length > 0);
  return [stream, started[0] as string];
}

/** Whether the thread waits for something. */
export function sleeps(thread: string): boolean {
  // The state follows the name, which is in parentheses.
  return readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.startsWith('S') === true;
}

/** The thread does nothing more for its stream: it waits for the next one, or has ended, and may be listed for a moment. */
export function free(thread: string): Promise<void> {
  return until(() => isKept(thread) || !threads().includes(thread));
}

/** What the process holds, as Linux sees it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { until } from './waiting';

export const onLinux = process.platform === 'linux';

/** The numbers of the open descriptors. */
export function descriptors(): string[] {
  // The one that lists them is in the list; by the time of the second look it is closed.
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) !== '';
    } catch {
      return false;
    }
  });
}

/** The ids of the threads. */
export function threads(): string[] {
  return readdirSync('/proc/self/task');
}

/** The ids of those that slipring has started. */
export function ourThreads(): string[] {
  return threads().filter((thread) => {
    try {
      return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8') === 'slipring\n';
    } catch {
      return false; // it has just ended
    }
  });
}

/** Threads of streams that have ended wait a moment for the next. To be called while no stream is open. */
export async function noThreadIsKept(): Promise<void> {
  await until(() => ourThreads().length === 0);
}

/** Nanoseconds that a thread has run so far. */
export function cpuTime(thread: string): number {
  return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
}

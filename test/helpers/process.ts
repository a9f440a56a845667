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

/** Whether the thread of a stream that has ended waits for the next one, as it does for a moment. */
export function isKept(thread: string): boolean {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8') === 'slipring-idle\n';
  } catch {
    return false; // it has just ended
  }
}

/** So the next stream's thread is a new one. To be called after the `'close'` of those before. */
export async function noThreadIsKept(): Promise<void> {
  await until(() => !threads().some(isKept));
}

/** Nanoseconds that a thread has run so far. */
export function cpuTime(thread: string): number {
  return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
}

/** Whether this process has the file at `path` open. */
export function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });
}

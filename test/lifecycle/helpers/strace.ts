/** System calls that fail on purpose, and that are watched: by strace (Debian: apt install strace). */
import { readFileSync } from 'node:fs';

const CALLS = 'openat,read,pread64,close,?poll,?ppoll';

/**
 * Runs node such that the calls about `path`, and no others, are tampered with, in strace's own words, and are written
 * down in `log`.
 */
export function strace(path: string, injections: string[], log = '/dev/null'): { via: string[] } {
  const injected = injections.flatMap((injection) => ['-e', `inject=${injection}`]);
  return { via: ['strace', '-f', '-qq', '-o', log, '-P', path, '-e', `trace=${CALLS}`, ...injected] };
}

/** What was written down: the thread, and the name of the call. */
export function callsIn(log: string): { thread: string; call: string }[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, thread, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    return thread !== undefined && call !== undefined ? [{ thread, call }] : [];
  });
}

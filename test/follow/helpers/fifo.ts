import { execFileSync } from 'node:child_process';

/** Makes a FIFO and returns its path. */
export function mkfifo(path: string): string {
  execFileSync('mkfifo', [path]);
  return path;
}

/** FIFOs, which Node cannot make itself. */
import { execFileSync } from 'node:child_process';

/** Makes FIFOs and returns their paths. */
export function makeFifos(paths: string[]): string[] {
  execFileSync('mkfifo', paths);
  return paths;
}

/** Makes a FIFO and returns its path. */
export function makeFifo(path: string): string {
  makeFifos([path]);
  return path;
}

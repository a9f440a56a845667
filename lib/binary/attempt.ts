import { statSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package, seen from dist/binary. In a bundle it is some other folder. */
export const packageRoot = path.join(__dirname, '..', '..');

/** A binary that was tried: what it exports, or what it failed with. */
export interface Attempt {
  /** Its path. */
  file: string;
  exports?: unknown;
  error?: NodeJS.ErrnoException;
}

/** Unlike existsSync(), which throws there, false also where the permission model forbids to look. */
export function isThere(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

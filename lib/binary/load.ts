/**
 * Finds the native binary and loads it: the one that the environment names, else one that was compiled here, else the
 * one of the package for this kind of machine.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { isThere, packageRoot, type Attempt } from './attempt';
import { requirePrebuilt, type Target } from './prebuilt';

/** Where `slipring build` puts what it compiles. */
export const ownBuild = path.join(packageRoot, 'build', 'Release', 'slipring.node');

/** Loads exactly this file, whatever else there is: for tests, and for who packages slipring in another way. */
export const VARIABLE = 'SLIPRING_BINARY';

function requireFile(file: string): Attempt {
  try {
    // Not the plain require: bundlers would look for the file.
    return { file, exports: createRequire(file)(file) };
  } catch (error) {
    return { file, error: error as NodeJS.ErrnoException };
  }
}

/** Whether this code lies in our package. In a bundle it does not, and what lies in build/ there is somebody else's. */
export function inPackage(): boolean {
  try {
    const text = readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
    return (JSON.parse(text) as { name?: unknown }).name === 'slipring';
  } catch {
    return false;
  }
}

/** The one binary that counts; `undefined` when there is none for this machine and none was compiled. */
export function tryToLoad(target: Target): Attempt | undefined {
  const named = process.env[VARIABLE];
  if (named) return requireFile(path.resolve(named));
  if (isThere(ownBuild) && inPackage()) return requireFile(ownBuild);
  return requirePrebuilt(target);
}

/** Why there is no binary that loads, in words for whoever has to do something about it. */
import path from 'node:path';

import { nativeMissing } from '../errors';
import { isThere, packageRoot, type Attempt } from './attempt';
import { inPackage, ownBuild, VARIABLE } from './load';
import { madeFor } from './machine';
import { fileOf, type Target } from './prebuilt';

const BUILD = 'To compile one here, with CMake and a C++20 compiler: npx slipring build';
const BUNDLE =
  'This code was bundled, and the binary was not carried along: see docs/bundlers.md of slipring, or leave slipring out of the bundle';

/** Node's own rules forbid it. */
function forbidden({ file, error }: Attempt): string | undefined {
  // There only when the permission model is on.
  const { permission } = process;
  if (error?.code === 'ERR_DLOPEN_DISABLED') {
    return permission
      ? "Node's permission model forbids native addons, and slipring is one (ERR_DLOPEN_DISABLED). To permit them: --allow-addons"
      : 'Node was started with --no-addons, which forbids native addons, and slipring is one (ERR_DLOPEN_DISABLED). Start it without';
  }
  if (!permission || permission.has('fs.read', file)) return undefined;
  const folder = inPackage() ? packageRoot : path.dirname(file);
  return `Node's permission model forbids to read slipring's binary ${file} (ERR_ACCESS_DENIED). To permit it: --allow-fs-read=${folder}`;
}

/** It is there, and is for another machine. */
function misplaced({ file, error }: Attempt, target: Target): string | undefined {
  const made = madeFor(file);
  // The C library is compared when both are known.
  if (made === undefined || target.startsWith(made)) return undefined;
  const code = error?.code === undefined ? '' : ` (${error.code})`;
  return `slipring's binary ${file} is for ${made}, and this is ${target}${code}. Was node_modules copied from another machine? ${BUILD}`;
}

function broken({ file, error }: Attempt): string {
  if (!error)
    return `${file} is not the binary of this version of slipring: it does not export what it should. ${BUILD}`;
  const code = error.code === undefined ? '' : ` (${error.code})`;
  return `slipring's binary ${file} does not load: ${error.message.trim()}${code}. ${BUILD}`;
}

function absent(target: Target): string {
  const places = [ownBuild, path.join(packageRoot, fileOf(target))];
  const what = `slipring has no native binary for ${target} (Node ${process.versions.node}). ${inPackage() ? BUILD : BUNDLE}`;
  return `${what}\nLooked for:\n${places.map((place) => `- ${place}`).join('\n')}`;
}

function reasonOf(attempt: Attempt | undefined, target: Target): string {
  if (attempt === undefined) return absent(target);
  const rule = forbidden(attempt); // before anything is looked for: the same rules may hide the file
  if (rule !== undefined) return rule;
  if (isThere(attempt.file)) return misplaced(attempt, target) ?? broken(attempt);
  return process.env[VARIABLE] ? `${VARIABLE} names ${attempt.file}, which is not there` : absent(target);
}

/** ERR_SLIPRING_NATIVE_MISSING, with the reason first. `attempt`: what was tried, and did not do. */
export function explain(attempt: Attempt | undefined, target: Target): Error {
  return nativeMissing(reasonOf(attempt, target), attempt?.error);
}

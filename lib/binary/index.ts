/** The native binary: what the rest of the package may use of this folder. */
import { packageRoot, type Attempt } from './attempt';
import { explain } from './explain';
import { ownBuild, tryToLoad } from './load';
import { hostTarget } from './prebuilt';

export { hostTarget, ownBuild, packageRoot };

/** What it has to export: see addon/node/addon.cc. */
const EXPORTS = { Producer: 'function', isSourceTable: 'function', hugePageSize: 'number' };

/** A file may have the right name and be something else, or of another version. */
function isRight({ exports }: Attempt): boolean {
  const found = exports as Record<string, unknown> | undefined;
  return found !== undefined && Object.entries(EXPORTS).every(([name, type]) => typeof found[name] === type);
}

/** Loads it, once for each thread of JavaScript. @throws ERR_SLIPRING_NATIVE_MISSING */
export function loadBinary(): unknown {
  const target = hostTarget();
  const attempt = tryToLoad(target);
  if (attempt && isRight(attempt)) return attempt.exports;
  throw explain(attempt, target);
}

/** The one that counts, whether or not it loads. Undefined when there is none. */
export function binaryFile(): string | undefined {
  return tryToLoad(hostTarget())?.file;
}

/** Whether there is one that loads. */
export function loads(): boolean {
  const attempt = tryToLoad(hostTarget());
  return attempt !== undefined && isRight(attempt);
}

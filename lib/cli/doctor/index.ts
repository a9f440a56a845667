/** `slipring doctor`. */
import { createRequire } from 'node:module';
import { release } from 'node:os';
import path from 'node:path';
import * as zlib from 'node:zlib';

import type { Arguments } from '../arguments';
import { binaryFile, hostTarget, loadBinary, packageRoot } from '../../binary';
import { print } from '../output';
import { type Finding, findLimits } from './limits';

/** What `slipring/jetstream` needs, which users bring. */
const CLIENT = ['@nats-io/transport-node', '@nats-io/jetstream'];

function isInstalled(name: string): boolean {
  try {
    createRequire(path.join(packageRoot, 'package.json')).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The reason has what to do. */
function findBinary(): { loads: boolean; finding: Finding } {
  const what = 'binary';
  const is = binaryFile() ?? `none for ${hostTarget()}`;
  try {
    loadBinary();
    return { loads: true, finding: { what, is } };
  } catch (error) {
    return { loads: false, finding: { what, is: `${is}: does not load`, advice: (error as Error).message } };
  }
}

function extras(): Finding[] {
  const missing = CLIENT.filter((name) => !isInstalled(name));
  return [
    { what: 'zstd', is: 'createZstdCompress' in zlib ? 'yes' : 'no: Node 22.15, 23.8 or newer has it' },
    { what: 'jetstream', is: missing.length === 0 ? 'yes' : `no: npm install ${missing.join(' ')}` },
  ];
}

export function doctor(args: Arguments): number {
  const [word] = args.operands;
  if (word !== undefined) throw args.wrong(`It takes no words, such as "${word}".`);
  const { loads, finding } = findBinary();
  const system = { what: 'system', is: `${hostTarget()}, ${process.platform} ${release()}` };
  const node = { what: 'node', is: `${process.versions.node} (${process.execPath})` };
  const findings: Finding[] = [finding, node, system, ...findLimits(), ...extras()];
  const width = Math.max(...findings.map(({ what }) => what.length)) + 2;
  for (const { what, is, advice } of findings) {
    const more = advice?.split('\n').map((line) => `${' '.repeat(width)}${line}\n`) ?? [];
    print(`${what.padEnd(width)}${is}\n${more.join('')}`);
  }
  return loads ? 0 : 1;
}

/** `slipring bench`. */
import { statSync } from 'node:fs';

import type { Arguments } from '../arguments';
import { sourceOptionsOf } from '../carry';
import { Failure } from '../failure';
import { print } from '../output';
import { asUsage, unreadable } from '../sources';
import { type Way, waysToFile, waysToSource } from './ways';

const ROUNDS = 5;
const MOST = 2 ** 30;
const REFERENCE = 'node:fs, chunks';

function isRegular(name: string): boolean {
  try {
    return statSync(name).isFile();
  } catch {
    // It may be none; and if it is one, who reads it says what is wrong.
    return false;
  }
}

/** GB/s. */
async function measure(way: Way, most: number): Promise<number> {
  const begun = performance.now();
  const bytes = await way.read(most);
  if (bytes === 0) throw new Failure('there is nothing to measure: the source is empty.');
  return bytes / (performance.now() - begun) / 1e6;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** They take turns, so that what else the machine does meets all of them. The first round only warms up. */
async function race(ways: readonly Way[], rounds: number, most: number): Promise<Map<string, number>> {
  const speeds = new Map(ways.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const way of ways) {
      const speed = await measure(way, most);
      if (round > 0) speeds.get(way.name)?.push(speed);
    }
  }
  return new Map([...speeds].map(([name, values]) => [name, median(values)]));
}

export async function bench(args: Arguments): Promise<number> {
  const [source, ...more] = args.operands;
  if (source === undefined || more.length > 0) throw args.wrong('Name one source to read.');
  const options = sourceOptionsOf(args);
  const [rounds = ROUNDS, most = MOST] = [args.count('rounds'), args.size('max-bytes')];
  if (rounds === 0 || most === 0) throw args.wrong('--rounds and --max-bytes take numbers above 0.');
  const ways = isRegular(source) ? waysToFile(source, options) : waysToSource(source, options);
  let speeds: Map<string, number>;
  try {
    speeds = await race(ways, rounds, most);
  } catch (error) {
    const failure = asUsage(source, error);
    throw failure instanceof Failure ? failure : unreadable(source, error);
  }
  const reference = speeds.get(REFERENCE);
  for (const [name, speed] of speeds) {
    const ratio = reference === undefined ? '' : `  ${(speed / reference).toFixed(1)}×`;
    print(`${name.padEnd(26)}${speed.toFixed(2).padStart(7)} GB/s${ratio}\n`);
  }
  return 0;
}

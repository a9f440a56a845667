/** `slipring bench`. */
import { statSync } from 'node:fs';

import type { Arguments } from '../arguments';
import { sourceOptionsOf } from '../carry';
import { Failure, reasonOf } from '../failure';
import { type Way, waysToFile, waysToSource } from './ways';

const ROUNDS = 5;
const MOST = 2 ** 30;
const REFERENCE = 'node:fs, chunks';

function isRegular(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** GB/s. */
async function measure(way: Way, most: number): Promise<number> {
  const begun = performance.now();
  const bytes = await way.read(most);
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
  if (rounds === 0) throw args.wrong('--rounds takes a number above 0.');
  const ways = isRegular(source) ? waysToFile(source, options) : waysToSource(source, options);
  let speeds: Map<string, number>;
  try {
    speeds = await race(ways, rounds, most);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`cannot read ${source}: ${reasonOf(error)}.`);
  }
  const reference = speeds.get(REFERENCE);
  for (const [name, speed] of speeds) {
    const ratio = reference === undefined ? '' : `  ${(speed / reference).toFixed(1)}×`;
    process.stdout.write(`${name.padEnd(26)}${speed.toFixed(2).padStart(7)} GB/s${ratio}\n`);
  }
  return 0;
}

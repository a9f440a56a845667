/**
 * Fuzzes the public API: random sequences of everything that can be done with streams, each determined by its seed.
 *
 *   npm run fuzz -- --minutes N [--seed FIRST]     seed after seed
 *   npm run fuzz -- --seed SEED [--count N]        that one alone, or so many
 *   ... --node PATH                                with another Node
 *
 * Ends with code 1 at the first problem, and says how to see it again.
 */
import { parseArgs } from 'node:util';

import { fuzz } from './helpers/run';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    count: { type: 'string' },
    node: { type: 'string', default: process.execPath },
  },
});
const { minutes, seed, count, node } = values;
const first = seed === undefined ? Date.now() % 2 ** 31 : Number(seed);
const most = count === undefined ? (minutes === undefined ? 1 : Infinity) : Number(count);
const until = Date.now() + (minutes === undefined ? Infinity : Number(minutes) * 60_000);

void fuzz({ node, first, most, until }).then(({ done, problem }) => {
  if (problem !== undefined) console.log(problem);
  console.log(`${done} sequences, from seed ${first} on`);
  process.exitCode = problem === undefined ? 0 : 1;
});

/** The command line. */
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench -- [options]

  --runs N       how often each contender runs (5)
  --size SIZE    bytes of the input, with K, M or G as powers of 1024 (1G)
  --only REGEX   only the cases whose name matches
  --sweep        slipring with other numbers and sizes of slots too
  --check        exit with 1 when a promise is not kept
  --json FILE    where to write the results (bench/results.json)
  --chart FILE   where to draw the chart (docs/bench.svg)
  --from FILE    print and draw the results in FILE instead of measuring

A run that is smaller than the defaults, has --only or --sweep, or in which something failed, is written and drawn only
where --json and --chart say.`;

const DEFAULT_RUNS = 5;
const DEFAULT_SIZE = '1G';

const UNITS = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

export function parseSize(text) {
  const [, amount, unit] = /^(\d+)([KMG]?)$/i.exec(text) ?? [];
  const bytes = Number(amount) * UNITS[unit?.toUpperCase()];
  // Every case takes a part of it, in whole chunks.
  if (!(bytes >= 2 ** 20)) throw new Error(`--size must be a number of bytes, 1M or more. Got ${text}`);
  return bytes;
}

export function parseRuns(text) {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number. Got ${text}`);
  return runs;
}

export function parseCommandLine(args) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: String(DEFAULT_RUNS) },
      size: { type: 'string', default: DEFAULT_SIZE },
      only: { type: 'string' },
      sweep: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      json: { type: 'string' },
      chart: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { only, sweep, ...rest } = values;
  const runs = parseRuns(values.runs);
  const size = parseSize(values.size);
  return {
    ...rest,
    only: only === undefined ? undefined : new RegExp(only),
    settings: { runs, size, sweep },
    /** Fit to be published. */
    standard: only === undefined && !sweep && runs >= DEFAULT_RUNS && size === parseSize(DEFAULT_SIZE),
  };
}

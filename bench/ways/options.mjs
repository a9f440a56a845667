/** The command line of bench/ways.mjs. */
import { parseArgs } from 'node:util';

import { parseRuns, parseSize } from '../lib/command-line.mjs';
import { nodeCommand } from '../lib/nodes.mjs';

export const USAGE = `usage: node bench/ways.mjs [options]

  --only REGEX    only the ways whose name matches
  --inputs REGEX  only the inputs whose name matches
  --node LIST     which Nodes, by their number or path (the one that runs this)
  --size SIZE     bytes of the file, with K, M or G as powers of 1024 (1G); other inputs have at most as much
  --runs N        how often each reader runs (5)
  --check         exit with 1 when a row is below 1, or a promise is not kept
  --json FILE     where to write all that was measured
  --from FILE     print what is in FILE instead of measuring`;

export function parseOptions(args) {
  const text = (value) => ({ type: 'string', default: value });
  const { values } = parseArgs({
    args,
    options: {
      only: text(''),
      inputs: text(''),
      node: text(process.execPath),
      size: text('1G'),
      runs: text('5'),
      check: { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    ...values,
    only: new RegExp(values.only),
    inputs: new RegExp(values.inputs),
    nodes: values.node.split(',').map(nodeCommand),
    size: parseSize(values.size),
    runs: parseRuns(values.runs),
  };
}

/**
 * The matrix of ways: whatever people do with a stream, with each kind of input, slipring beside Node's own streams, on
 * several Nodes. See ways/options.mjs for the options, ways/index.mjs for the ways, ways/inputs.mjs for what is read.
 */
import fs from 'node:fs';

import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { buildPrograms } from './lib/native.mjs';
import { versionOf } from './lib/nodes.mjs';
import { sizeName } from './lib/readers.mjs';
import { Workspace } from './lib/workspace.mjs';
import { idleRss, measureRow, rowsOf } from './ways/measure.mjs';
import { parseOptions, USAGE } from './ways/options.mjs';
import { describe, printNode } from './ways/print.mjs';

async function measure(options) {
  const rows = rowsOf(options);
  if (rows.length === 0) throw new Error('No row has such an input and such a way.');
  const programs = buildPrograms();
  if (programs === undefined) throw new Error('This needs a C compiler.');
  const workspace = new Workspace(options.size);
  // A Ctrl-C goes to the running reader too. Nothing is to be left behind.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  process.on('exit', () => workspace.remove());

  const busy = await busyShare();
  const { size, runs } = options;
  const results = { machine: describeMachine(), size, runs, inputOn: workspace.inputOn, busy, nodes: [] };
  if (busy > TOO_BUSY) console.error(`Others use ${Math.round(100 * busy)} % of the processors: close what else runs.`);
  for (const node of options.nodes) {
    const measured = { version: versionOf(node), idle: await idleRss(node), rows: [] };
    results.nodes.push(measured);
    for (const row of rows) {
      measured.rows.push(await measureRow(row, node, options, { programs, workspace }));
      console.error(`${measured.version} ${describe(measured.rows.at(-1))}`);
      // What was measured is not lost when somebody has seen enough.
      if (options.json) fs.writeFileSync(options.json, JSON.stringify(results));
    }
  }
  return results;
}

const options = parseOptions(process.argv.slice(2));
if (options.help) {
  console.log(USAGE);
} else {
  const results = options.from ? JSON.parse(fs.readFileSync(options.from, 'utf8')) : await measure(options);
  const { machine, size, runs, inputOn } = results;
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}; medians of ${runs}, in turns`);
  console.log(`${sizeName(size)} of lines of text on ${inputOn}, in the page cache`);
  const problems = results.nodes.flatMap(printNode);
  if (options.check) {
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
}

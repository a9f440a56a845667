/**
 * Records: lines and packets, beside readline, `wc -l` and our own bytes, in turns. See records/rows.mjs for what is compared.
 *
 *   node bench/records.mjs [--runs 5] [--only REGEX] [--node LIST] [--messages 25000] [--check]
 *
 * `--only` looks at "input: way", or at "latency". `--node` are numbers or paths. With --check the exit code is 1 when a promise
 * is missed by more than the control's spread.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { parseRuns } from './lib/command-line.mjs';
import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { buildPrograms } from './lib/native.mjs';
import { nodeCommand, versionOf } from './lib/nodes.mjs';
import { Workspace } from './lib/workspace.mjs';
import { measureLatency } from './records/latency.mjs';
import { makeInputs, measureRow } from './records/measure.mjs';
import { printNode } from './records/print.mjs';
import { rows } from './records/rows.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    node: { type: 'string', default: process.execPath },
    messages: { type: 'string', default: '25000' },
    check: { type: 'boolean', default: false },
  },
});
const runs = parseRuns(values.runs);
const only = new RegExp(values.only);
const wanted = rows.filter(({ input, ours }) => only.test(`${input}: ${ours}`));
const withLatency = only.test('latency');

const workspace = new Workspace(0);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipring-bench-'));
// A Ctrl-C goes to the running reader too. Nothing is to be left behind.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.on('exit', () => {
  workspace.remove();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function measureNode(node, inputs) {
  const measured = { version: versionOf(node), rows: [], latency: [] };
  for (const row of wanted) {
    console.error(`${measured.version} ${row.input}: ${row.ours} and ${row.peer}`);
    measured.rows.push(await measureRow(row, node, runs, inputs));
  }
  if (!withLatency) return measured;
  const programs = buildPrograms();
  if (programs === undefined) console.error('No C compiler: the latency is left out.');
  else measured.latency = await measureLatency(node, runs, Number(values.messages), { programs, folder });
  return measured;
}

const busy = await busyShare();
if (busy > TOO_BUSY) console.error(`Others use ${Math.round(100 * busy)} % of the processors: close what else runs.`);
const { cpu, cores, kernel } = describeMachine();
console.log(`${cpu}, ${cores} cores, ${kernel}; medians of ${runs} runs, in turns`);
const inputs = makeInputs(
  workspace,
  wanted.map(({ input }) => input),
);
console.log(`inputs on ${workspace.inputOn}, in the page cache`);
const problems = [];
for (const node of values.node.split(',').map(nodeCommand))
  problems.push(...printNode(await measureNode(node, inputs)));
if (values.check) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

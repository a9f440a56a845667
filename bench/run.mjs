/**
 * Measures slipring beside fs.createReadStream, C, and the system's own tools; prints the tables, judges what slipring
 * promises, and writes the results and the chart. See lib/command-line.mjs for the options.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { format, resolveConfig } from 'prettier';

import { cases } from './cases/index.mjs';
import { judge } from './lib/acceptance.mjs';
import { drawChart } from './lib/chart.mjs';
import { parseCommandLine, USAGE } from './lib/command-line.mjs';
import { describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { buildPrograms } from './lib/native.mjs';
import { sizeName } from './lib/readers.mjs';
import { runCase } from './lib/run-case.mjs';
import { acceptanceTable, caseTable } from './lib/table.mjs';
import { Workspace } from './lib/workspace.mjs';

const RESULTS = path.join(import.meta.dirname, 'results.json');
const CHART = path.join(import.meta.dirname, '../docs/bench.svg');

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text.slice(0, process.stderr.columns - 1)}`);
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function printHeading({ machine, settings, date, loadAverage, inputOn, outputOn }) {
  console.log(`Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, ${date}`);
  console.log(`${settings.runs} runs each, interleaved; load average before: ${loadAverage.toFixed(2)}`);
  console.log(`Input: ${sizeName(settings.size)} on ${inputOn}, in the page cache; output: on ${outputOn}.\n`);
}

function printCase(result) {
  console.log(`## ${result.title}\n\n${caseTable(result)}\n`);
  for (const { name, reason } of result.notRun) console.log(`Not run: ${name} (${reason})`);
  for (const { name, reason } of result.failed) console.log(`FAILED: ${name}: ${reason}`);
  if (result.busy > TOO_BUSY) console.log(`WARNING: others used up to ${percent(result.busy)} of the processors.\n`);
}

async function measure(settings, selected) {
  const programs = buildPrograms();
  const workspace = new Workspace(settings.size);
  // A Ctrl-C goes to the running contender too. Nothing is to be left behind.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      workspace.remove();
      process.exit(1);
    });
  }
  try {
    const { inputOn, outputOn } = workspace;
    const date = new Date().toISOString().slice(0, 10);
    const [loadAverage] = os.loadavg();
    const results = { machine: describeMachine(), date, loadAverage, settings, inputOn, outputOn, cases: [] };
    printHeading(results);
    for (const benchCase of selected) {
      if (benchCase.receiver && programs === undefined) {
        console.log(`Not run: ${benchCase.title} (no C compiler)\n`);
        continue;
      }
      const result = await runCase(benchCase, settings, { programs, workspace }, progress);
      progress('');
      printCase(result);
      results.cases.push(result);
    }
    return results;
  } finally {
    workspace.remove();
  }
}

function show(file) {
  const results = JSON.parse(fs.readFileSync(file, 'utf8'));
  printHeading(results);
  results.cases.forEach(printCase);
  return results;
}

async function write(results, verdicts, file) {
  const text = JSON.stringify({ ...results, verdicts });
  fs.writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'json' }));
}

async function main() {
  const { settings, standard, only, check, json, chart, from, help } = parseCommandLine(process.argv.slice(2));
  if (help) return console.log(USAGE);

  const selected = only ? cases.filter(({ name }) => only.test(name)) : cases;
  if (selected.length === 0) throw new Error(`No case matches ${only}. There are: ${cases.map(({ name }) => name)}`);
  const results = from ? show(from) : await measure(settings, selected);
  const verdicts = judge(results);
  console.log(`## What slipring promises\n\n${acceptanceTable(verdicts)}`);

  const failed = results.cases.some((result) => result.failed.length > 0);
  const publish = standard && !from && !failed;
  const resultsFile = json ?? (publish ? RESULTS : undefined);
  const chartFile = chart ?? (publish ? CHART : undefined);
  if (resultsFile) await write(results, verdicts, resultsFile);
  if (chartFile) fs.writeFileSync(chartFile, drawChart(results));

  // What was left out with --only is not missed. What could not be measured otherwise is.
  const missed = verdicts.filter(({ verdict }) => verdict === 'MISSED' || (!only && verdict === 'not measured'));
  if (failed || (check && missed.length > 0)) process.exitCode = 1;
}

await main();

/**
 * Plugins: how fast one is that does what a built-in source does, beside that source, in turns; and what a thread can push.
 *
 *   node bench/plugins.mjs [--bytes 4000000000] [--slot-size 262144] [--seconds 10] [--runs 7] [--check]
 *
 * With --check the exit code is 1 when a promise is not kept.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { median } from './lib/metrics.mjs';
import { buildPlugins } from './lib/native.mjs';
import { markdownTable } from './lib/table.mjs';

const READER = path.join(import.meta.dirname, 'plugin-reader.mjs');

// What is promised.
const LEAST_OF_BUILT_IN = 0.97;
const COMMITS_PER_SECOND = 1e6;

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '4000000000' },
    'slot-size': { type: 'string', default: '262144' },
    seconds: { type: 'string', default: '10' },
    runs: { type: 'string', default: '7' },
    check: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const plugins = buildPlugins();
const problems = [];

async function runOnce(job, ...args) {
  const child = fork(READER, [job, ...args.map(String)]);
  const [result] = await once(child, 'message');
  await once(child, 'exit');
  console.error(job, args.join(' '), JSON.stringify(result));
  return result;
}

async function pulling() {
  const library = path.join(plugins, 'pattern.so');
  const size = values['slot-size'];
  const rates = { 'built-in': [], plugin: [] };
  for (let run = 0; run < runs; run++) {
    const order = Object.keys(rates);
    for (const way of run % 2 === 0 ? order : order.reverse()) {
      const { gigabytesPerSecond } = await runOnce('pull', way === 'plugin' ? library : way, values.bytes, size);
      rates[way].push(gigabytesPerSecond);
    }
  }
  const [builtIn, plugin] = [median(rates['built-in']), median(rates.plugin)];
  const ratio = plugin / builtIn;
  if (ratio < LEAST_OF_BUILT_IN) problems.push(`the plugin has ${ratio.toFixed(3)} of the built-in source's rate`);
  const row = [plugin.toFixed(2), builtIn.toFixed(2), ratio.toFixed(3)];
  console.log(
    `\n${markdownTable([`pattern, slots of ${size} bytes`, 'plugin, GB/s', 'built-in', '÷'], [['slots()', ...row]])}`,
  );
}

async function pushing() {
  const library = path.join(plugins, 'push.so');
  const paced = await runOnce('push', library, COMMITS_PER_SECOND * Number(values.seconds), COMMITS_PER_SECOND);
  const fast = await runOnce('push', library, 2 * COMMITS_PER_SECOND * Number(values.seconds), 0);
  const rows = [
    ['1 million a second, try_acquire', paced],
    ['as fast as it can, acquire', fast],
  ].map(([name, { commitsPerSecond, failed, counted, missing, cpuSeconds }]) => [
    name,
    (commitsPerSecond / 1e6).toFixed(2),
    String(failed),
    String(counted),
    String(missing),
    cpuSeconds.toFixed(2),
  ]);
  for (const { failed, counted, missing } of [paced, fast]) {
    if (counted !== failed) problems.push(`${failed} found no room, and ${counted} were counted`);
    if (missing !== 0) problems.push(`${missing} are in a wrong place`);
  }
  if (paced.commitsPerSecond < 0.99 * COMMITS_PER_SECOND)
    problems.push('a million commits a second were not sustained');
  const head = ['commits of 64 bytes', '10⁶/s', 'no room', 'counted', 'misplaced', 'CPU s'];
  console.log(`\n${markdownTable(head, rows)}`);
}

const busy = await busyShare();
if (busy > TOO_BUSY) console.error(`Others use ${Math.round(100 * busy)} % of the processors: close what else runs.`);
const { cpu, cores, kernel, node } = describeMachine();
console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${node}; medians of ${runs} runs`);
await pulling();
await pushing();
if (values.check) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

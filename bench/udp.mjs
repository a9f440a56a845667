/**
 * Datagrams at the full rate of a sender in C: slipring beside node:dgram, with the same receive buffer, in turns.
 *
 *   node bench/udp.mjs [--count 2000000] [--size 200] [--batch 64] [--runs 5] [--buffer BYTES] [--only REGEX] [--check]
 *
 * `--batch` is how many datagrams the sender passes to one sendmmsg(), `--buffer` the recvBufferSize. With --check the exit
 * code is 1 when a promise is not kept.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { median } from './lib/metrics.mjs';
import { buildPrograms } from './lib/native.mjs';
import { markdownTable } from './lib/table.mjs';

const RECEIVER = path.join(import.meta.dirname, 'udp-receiver.mjs');
const NAMES = ['slipring batches()', "slipring 'data'", 'node:dgram'];

// What is promised, of batches().
const MOST_LOSS_PERCENT = 1;
const MOST_CPU_OF_DGRAM = 0.35;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000000' },
    size: { type: 'string', default: '200' },
    batch: { type: 'string', default: '64' },
    runs: { type: 'string', default: '5' },
    buffer: { type: 'string', default: '4194304' },
    only: { type: 'string', default: '' },
    options: { type: 'string', default: '{}' },
    check: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);

async function runOnce(name, programs) {
  const options = { recvBufferSize: Number(values.buffer), ...JSON.parse(values.options) };
  const child = fork(RECEIVER, [name, JSON.stringify(options)]);
  const [{ port }] = await once(child, 'message');
  const args = [port, count, values.size, values.batch].map(String);
  const { stdout } = await promisify(execFile)(path.join(programs, 'send_udp'), args);
  const { sent, ns } = JSON.parse(stdout);
  child.send('sent');
  const [got] = await once(child, 'message');
  await once(child, 'exit');
  const dropped = got.dropped ?? sent - got.received; // dgram counts none
  return {
    ...got,
    dropped,
    sent,
    exact: got.received + dropped === sent && got.misplaced === 0,
    lossPercent: (100 * dropped) / sent,
    cpuPerMillion: (got.cpuSeconds / got.received) * 1e6,
    sentPerSecond: (sent / ns) * 1e9,
  };
}

/** The middle of what the runs came to. */
function summary(name, runs) {
  const of = (key) => median(runs.map((run) => run[key]));
  const worst = Math.max(...runs.map(({ lossPercent }) => lossPercent));
  return {
    name,
    worst,
    exact: runs.every(({ exact }) => exact),
    ...Object.fromEntries(
      ['received', 'dropped', 'lossPercent', 'cpuPerMillion', 'sentPerSecond'].map((key) => [key, of(key)]),
    ),
  };
}

function table(summaries) {
  const dgram = summaries.find(({ name }) => name === 'node:dgram');
  const head = [
    '',
    'received',
    'dropped',
    'loss %',
    'worst %',
    'CPU s/10⁶',
    '÷ dgram',
    'sent 10⁶/s',
    'all accounted for',
  ];
  const rows = summaries.map((one) => [
    one.name,
    String(one.received),
    String(one.dropped),
    one.lossPercent.toFixed(2),
    one.worst.toFixed(2),
    one.cpuPerMillion.toFixed(3),
    dgram ? (one.cpuPerMillion / dgram.cpuPerMillion).toFixed(2) : '–',
    (one.sentPerSecond / 1e6).toFixed(2),
    one.name === 'node:dgram' ? 'not counted' : one.exact ? 'yes' : 'NO',
  ]);
  return markdownTable(head, rows);
}

function broken(summaries) {
  const [batches, , dgram] = NAMES.map((name) => summaries.find((one) => one.name === name));
  return [
    !summaries.every(({ name, exact }) => exact || name === 'node:dgram') && 'received + dropped is not what was sent',
    batches.lossPercent >= MOST_LOSS_PERCENT && `batches() lost ${MOST_LOSS_PERCENT} % or more`,
    batches.cpuPerMillion > MOST_CPU_OF_DGRAM * dgram.cpuPerMillion &&
      `batches() took more than ${MOST_CPU_OF_DGRAM} of the CPU time of node:dgram`,
  ].filter(Boolean);
}

const programs = buildPrograms();
const names = NAMES.filter((name) => new RegExp(values.only).test(name));
const runs = new Map(names.map((name) => [name, []]));
const busy = await busyShare();
if (busy > TOO_BUSY) console.error(`Others use ${Math.round(100 * busy)} % of the processors: close what else runs.`);
for (let round = 0; round < Number(values.runs); round++) {
  for (const name of round % 2 === 0 ? names : [...names].reverse()) {
    const run = await runOnce(name, programs);
    runs.get(name).push(run);
    console.error(name, JSON.stringify(run));
  }
}
const summaries = names.map((name) => summary(name, runs.get(name)));
const { cpu, cores, kernel, node } = describeMachine();
console.log(
  `${values.count} datagrams of ${values.size} bytes, ${values.batch} with a system call, medians of ${values.runs}`,
);
console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${node}\n`);
console.log(table(summaries));
if (values.check && values.only === '') {
  const problems = broken(summaries);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

/**
 * What it costs to be watched: full-rate streams of a file in memory, with subscribers of all channels and a latency monitor, beside the
 * same without, and a control that is the same once more.
 *
 *   node bench/diagnostics.mjs [--size 256M] [--slot-size 65536] [--rounds 60] [--before FOLDER] [--check]
 *
 * FOLDER is another checkout, compiled, such as the commit before there was anything to subscribe to. All run in this process and
 * take turns, many and short ones, so that what others do on the machine meets all alike. With --check the exit code is 1 when a promise
 * is not kept. A figure is worth as much as its control.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';

import { parseRuns, parseSize } from './lib/command-line.mjs';
import { busyShare, TOO_BUSY } from './lib/machine.mjs';
import { median } from './lib/metrics.mjs';
import { markdownTable } from './lib/table.mjs';
import { inTurns } from './lib/turns.mjs';

/** What each may cost at most, as a share of the CPU time of what it is compared with. */
const PROMISED = [
  { name: 'watched', beside: 'unwatched', most: 0.02 },
  { name: 'unwatched', beside: 'before', most: 0.005 },
];

/** Rounds in which the code is compiled. */
const WARM_UP = 4;

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '256M' },
    'slot-size': { type: 'string', default: '65536' },
    rounds: { type: 'string', default: '60' },
    before: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});
const size = parseSize(values.size);
const slotSize = Number(values['slot-size']);
const rounds = parseRuns(values.rounds);

const load = (folder) => createRequire(import.meta.url)(path.resolve(folder)).createReadStream;
const ours = load(path.join(import.meta.dirname, '..'));
const contenders = {
  ...(values.before !== undefined && { before: { create: load(values.before) } }),
  unwatched: { create: ours },
  control: { create: ours },
  watched: { create: ours, isWatched: true },
};

const CHANNELS = ['open', 'gap', 'stall', 'rotate', 'error', 'close'].map((name) => `slipring:stream:${name}`);
let told = 0;
const onMessage = () => void told++;

/** Reads the file to its end. Returns seconds, by the clock and of all processors. */
async function run({ create, isWatched = false }, file) {
  told = 0;
  if (isWatched) for (const name of CHANNELS) subscribe(name, onMessage);
  const before = process.cpuUsage();
  const begun = performance.now();
  const stream = create(file, { slotSize });
  const latency = isWatched ? stream.monitorLatency() : undefined;
  latency?.enable();
  let slots = 0;
  for await (const slot of stream.slots()) if (slot.data.length > 0) slots++;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  await finished(stream);
  for (const name of CHANNELS) unsubscribe(name, onMessage);
  if (isWatched && (told !== 2 || latency.count !== slots)) throw new Error('It was not watched.');
  return { seconds, cpu: (user + system) / 1e6 };
}

const folder = mkdtempSync('/dev/shm/slipring-diagnostics-');
let results;
const busy = await busyShare();
try {
  const file = path.join(folder, 'input');
  writeFileSync(file, Buffer.alloc(size, 'slipring'));
  results = await inTurns(Object.keys(contenders), { rounds, warmUp: WARM_UP }, (name) => run(contenders[name], file));
} finally {
  rmSync(folder, { recursive: true });
}

/** How much more the one took than the other in the same round: the median. */
function more(name, beside, what) {
  return median(results[name].map((result, i) => result[what] / results[beside][i][what] - 1));
}

/** How many nanoseconds of CPU time more a slot is, of all rounds. */
function perSlot(name, beside) {
  const sum = (of) => results[of].reduce((total, { cpu }) => total + cpu, 0);
  return Math.round(((sum(name) - sum(beside)) / rounds / (size / slotSize)) * 1e9);
}

const percent = (share) => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
const rate = (name) => (size / median(results[name].map(({ seconds }) => seconds)) / 1e9).toFixed(2);
const rows = Object.keys(results).map((name) => [
  name,
  rate(name),
  ...['seconds', 'cpu'].map((what) => percent(more(name, 'unwatched', what))),
  String(perSlot(name, 'unwatched')),
]);
if (busy > TOO_BUSY) console.log(`Others use ${Math.round(busy * 100)} % of the processors.`);
console.log(`${Math.round(size / slotSize)} slots of ${slotSize} bytes, ${rounds} rounds`);
console.log(markdownTable(['stream', 'GB/s', 'time beside unwatched', 'CPU time', 'ns a slot'], rows));
for (const { name, beside, most } of PROMISED) {
  if (results[beside] === undefined) continue;
  const cost = more(name, beside, 'cpu');
  const isKept = cost <= most;
  console.log(
    `${name} beside ${beside}: ${percent(cost)} CPU time; ${percent(most)} at most${isKept ? '' : ': NOT KEPT'}`,
  );
  if (values.check && !isKept) process.exitCode = 1;
}

/**
 * What a live view costs: full-rate streams of a file in memory, while somebody watches them in another process, beside the same without a
 * view, a control that is the same once more, and a view that nobody watches.
 *
 *   node bench/view.mjs [--size 256M] [--slot-size 65536] [--passes 8] [--rounds 20] [--check]
 *
 * A run reads the file so many times, one after the other, so that several snapshots fall into it. All run in this process and take
 * turns. What counts is CPU time, of all threads of this process: the watcher's own is not in it, and what others do on the machine hardly is.
 * With --check the exit code is 1 when a promise is not kept. A figure is worth as much as its control.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** What each may cost at most, as a share of the CPU time without a view. */
const PROMISED = { watched: 0.02, served: 0.005 };

/** Rounds in which the code is compiled. */
const WARM_UP = 2;

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '256M' },
    'slot-size': { type: 'string', default: '65536' },
    passes: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '20' },
    check: { type: 'boolean', default: false },
  },
});
const size = parseSize(values.size);
const slotSize = Number(values['slot-size']);
const [passes, rounds] = [parseRuns(values.passes), parseRuns(values.rounds)];

const require = createRequire(import.meta.url);
const { createReadStream } = require('..');
const { serveView } = require('../dist/view');

/** Reads what a view tells, as a page does, from a line with its address to the next line; then it says how often it was told something. */
const WATCHER = `
  import { createInterface } from 'node:readline';
  let leave;
  for await (const line of createInterface(process.stdin)) {
    if (leave) console.log(leave());
    leave = undefined;
    if (line === '') continue;
    const stopping = new AbortController();
    const response = await fetch(line, { signal: stopping.signal });
    let snapshots = 0;
    const body = new WritableStream({ write: () => void snapshots++ });
    response.body.pipeTo(body).catch(() => undefined);
    leave = () => (stopping.abort(), snapshots);
    console.log('watching');
  }
`;

/** It is there all the time: what a process costs that has just been started is not what is measured. */
const watcher = spawn(process.execPath, ['--input-type=module', '-e', WATCHER], { stdio: ['pipe', 'pipe', 'inherit'] });

async function tellWatcher(line) {
  watcher.stdin.write(`${line}\n`);
  const [answer] = await once(watcher.stdout, 'data');
  return String(answer).trim();
}

async function read(file) {
  for (let pass = 0; pass < passes; pass++) {
    const stream = createReadStream(file, { slotSize });
    let bytes = 0;
    for await (const slot of stream.slots()) bytes += slot.data.length;
    await finished(stream);
    if (bytes !== size) throw new Error('It was not read.');
  }
}

/** What is done before and after a run is not measured. */
const contenders = {
  unwatched: {},
  control: {},
  served: { isServed: true },
  watched: { isServed: true, isWatched: true },
};

/** Returns seconds, by the clock and of all processors. */
async function run({ isServed = false, isWatched = false }, file) {
  const view = isServed ? await serveView() : undefined;
  if (isWatched) await tellWatcher(view.url.replace('/?', '/events?'));
  const before = process.cpuUsage();
  const begun = performance.now();
  await read(file);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (isWatched && (await tellWatcher('')) === '0')
    throw new Error('It was not watched: --passes takes a higher number.');
  await view?.close();
  return { seconds, cpu: (user + system) / 1e6 };
}

const folder = mkdtempSync('/dev/shm/slipring-view-');
let results;
const busy = await busyShare();
try {
  const file = path.join(folder, 'input');
  writeFileSync(file, Buffer.alloc(size, 'slipring'));
  results = await inTurns(Object.keys(contenders), { rounds, warmUp: WARM_UP }, (name) => run(contenders[name], file));
} finally {
  rmSync(folder, { recursive: true });
  watcher.stdin.end();
}

/** How much more the one took than the unwatched one in the same round: the median. */
const more = (name, what) => median(results[name].map((result, i) => result[what] / results.unwatched[i][what] - 1));
const percent = (share) => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
const rate = (name) => ((size * passes) / median(results[name].map(({ seconds }) => seconds)) / 1e9).toFixed(2);

if (busy > TOO_BUSY) console.log(`Others use ${Math.round(busy * 100)} % of the processors.`);
console.log(`${passes} times ${Math.round(size / slotSize)} slots of ${slotSize} bytes, ${rounds} rounds`);
const rows = Object.keys(results).map((name) => [
  name,
  rate(name),
  percent(more(name, 'seconds')),
  percent(more(name, 'cpu')),
]);
console.log(markdownTable(['stream', 'GB/s', 'time beside unwatched', 'CPU time'], rows));
for (const [name, most] of Object.entries(PROMISED)) {
  const cost = more(name, 'cpu');
  console.log(`${name}: ${percent(cost)} CPU time; ${percent(most)} at most${cost <= most ? '' : ': NOT KEPT'}`);
  if (values.check && cost > most) process.exitCode = 1;
}

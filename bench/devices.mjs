/**
 * Devices: how soon a message arrives, how fast a terminal is read, and what silent FIFOs keep others from; slipring beside
 * net.Socket, tty.ReadStream and fs, in turns.
 *
 *   node bench/devices.mjs [--messages 25000] [--bytes 1000000000] [--runs 5] [--check]
 *
 * With --check the exit code is 1 when a promise is not kept.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { createDeviceStream } from 'slipring';

import { quantile, runReaders } from './lib/devices.mjs';
import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { median } from './lib/metrics.mjs';
import { buildPrograms } from './lib/native.mjs';
import { markdownTable } from './lib/table.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '25000' },
    bytes: { type: 'string', default: '1000000000' },
    runs: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const FIFOS = 64;
const STATS = 5000;
// What a terminal's rate depends on most is which processor the system copies on: so many more runs even that out.
const TERMINAL_RUNS = 3;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipring-bench-'));
const places = { programs: buildPrograms(), folder };
const problems = [];

/**
 * Three readers at once, to which one writer writes in an order that changes: slipring, and Node twice. What else the
 * machine does delays all of them, and how far Node's two are apart is how little such numbers say.
 */
async function timesOf(theirs, kind, args) {
  const all = [[], [], []];
  for (let run = 0; run < runs; run++) {
    const results = await runReaders(['slipring', theirs, theirs], kind, 'times', args, places);
    for (const [i, { microseconds }] of results.entries()) all[i].push(...microseconds);
    console.error(
      kind,
      args.join(' '),
      all.map((times) => quantile(Float64Array.from(times), 0.99).toFixed(0)).join(' '),
    );
  }
  return all.map((times) => {
    const numbers = Float64Array.from(times);
    return { median: quantile(numbers, 0.5), p99: quantile(numbers, 0.99) };
  });
}

async function latency() {
  const rows = [];
  for (const [kind, theirs] of [
    ['fifo', 'net.Socket'],
    ['pty', 'tty.ReadStream'],
  ]) {
    for (const [microseconds, messages] of [
      [2000, Math.ceil(Number(values.messages) / 5)],
      [200, Number(values.messages)],
    ]) {
      const [ours, ...both] = await timesOf(theirs, kind, [messages, microseconds]);
      const cells = ['median', 'p99'].flatMap((key) => {
        const [one, other] = both.map((each) => each[key]);
        const ratio = ours[key] / ((one + other) / 2);
        if (ratio > 1) problems.push(`${kind} every ${microseconds} µs: ${key} is later than ${theirs}'s`);
        return [ours[key].toFixed(1), `${one.toFixed(1)}, ${other.toFixed(1)}`, ratio.toFixed(2)];
      });
      rows.push([`${kind}, every ${microseconds} µs, beside ${theirs}`, ...cells]);
    }
  }
  const head = ['µs from a write to `data`', 'median', 'Node, twice', '÷ Node', 'p99', 'Node, twice', '÷ Node'];
  console.log(`\n${markdownTable(head, rows)}`);
}

/** Of the bytes that the writer writes. */
function expectedHash(total) {
  const hash = createHash('sha256');
  const block = new BigUint64Array(8192);
  let next = 0n;
  for (let left = total; left > 0; left -= block.byteLength) {
    for (let i = 0; i < block.length; i++) block[i] = next++;
    hash.update(new Uint8Array(block.buffer, 0, Math.min(left, block.byteLength)));
  }
  return hash.digest('hex');
}

async function terminal() {
  const total = Number(values.bytes);
  const expected = expectedHash(total);
  const ways = ['slipring', 'tty.ReadStream'];
  const all = new Map(ways.map((way) => [way, []]));
  for (let run = 0; run < TERMINAL_RUNS * runs; run++) {
    for (const way of run % 2 === 0 ? ways : [...ways].reverse()) {
      const [result] = await runReaders([way], 'pty', 'bytes', [total], places);
      console.error(way, JSON.stringify(result));
      all.get(way).push(result);
    }
  }
  const rows = ways.map((way) => {
    const results = all.get(way);
    const right = results.every(({ sha256 }) => sha256 === expected);
    if (!right && way === 'slipring') problems.push('the bytes of the terminal are not those that were written');
    const of = (key) => median(results.map((result) => result[key]));
    return [
      way,
      of('megabytesPerSecond').toFixed(0),
      (of('cpuSeconds') / (total / 1e9)).toFixed(2),
      String(of('chunks')),
      right ? 'yes' : 'NO',
    ];
  });
  // Of runs that came one after the other: what else the machine does then is in both.
  const [first, second] = ways.map((way) => all.get(way));
  const ratios = first.map((one, run) => one.megabytesPerSecond / second[run].megabytesPerSecond);
  const ratio = median(ratios);
  if (ratio < 1) problems.push('a terminal is read slower than by Node');
  console.log(`\n${markdownTable([`${total} bytes of a terminal`, 'MB/s', 'CPU s/GB', 'chunks', 'identical'], rows)}`);
  const [lower, upper] = [0.25, 0.75].map((share) => quantile(Float64Array.from(ratios), share).toFixed(3));
  console.log(
    `slipring ÷ tty.ReadStream, ${ratios.length} pairs: ${ratio.toFixed(3)} (half of them ${lower} to ${upper})`,
  );
}

/** p99 of fs.stat() in microseconds. */
async function statTimes() {
  const times = [];
  for (let i = 0; i < STATS; i++) {
    const began = performance.now();
    await fs.promises.stat(folder);
    times.push((performance.now() - began) * 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)];
}

async function silentFifos() {
  const paths = Array.from({ length: FIFOS }, (_, i) => path.join(folder, `silent-${i}`));
  execFileSync('mkfifo', paths);
  await statTimes();
  const without = [];
  const beside = [];
  const closed = [];
  for (let run = 0; run < runs; run++) {
    without.push(await statTimes());
    const streams = paths.map((fifo) => createDeviceStream(fifo).resume());
    await Promise.all(streams.map((stream) => once(stream, 'ready')));
    beside.push(await statTimes());
    const began = performance.now();
    for (const stream of streams) stream.destroy();
    await Promise.all(streams.map((stream) => once(stream, 'close')));
    closed.push(performance.now() - began);
  }
  const ratio = median(beside) / median(without);
  if (ratio > 2) problems.push('fs.stat() is more than twice as slow beside silent FIFOs');
  if (Math.max(...closed) > 100) problems.push("silent FIFOs take more than 100 ms to emit 'close'");
  const row = [median(without), median(beside)].map((time) => time.toFixed(0));
  console.log(
    `\n${markdownTable(
      [
        `${FIFOS} FIFOs without a writer`,
        'fs.stat p99 without them, µs',
        'with them, µs',
        'ratio',
        'all closed, ms, at worst',
      ],
      [['createDeviceStream', ...row, ratio.toFixed(2), Math.max(...closed).toFixed(1)]],
    )}`,
  );
}

try {
  const busy = await busyShare();
  if (busy > TOO_BUSY) console.error(`Others use ${Math.round(100 * busy)} % of the processors: close what else runs.`);
  const { cpu, cores, kernel, node } = describeMachine();
  console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${node}; medians of ${runs} runs`);
  await silentFifos();
  await latency();
  await terminal();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
if (values.check) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

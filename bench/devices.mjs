/**
 * Devices: how soon a message arrives, how fast a terminal is read, and what silent FIFOs keep others from; slipring beside
 * net.Socket, tty.ReadStream and fs, in turns.
 *
 *   node bench/devices.mjs [--messages 25000] [--bytes 1000000000] [--runs 5] [--check]
 *
 * With --check the exit code is 1 when a promise is not kept.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { createDeviceStream } from 'slipring';

import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
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
const READER = path.join(import.meta.dirname, 'device-reader.mjs');
const FIFOS = 64;
const STATS = 5000;

const programs = buildPrograms();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipring-bench-'));
const problems = [];

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** One writer, one reader, once. */
async function runOnce(way, kind, job, args) {
  const fifo = path.join(folder, 'fifo');
  if (kind === 'fifo') execFileSync('mkfifo', [fifo]);
  const writer = spawn(path.join(programs, 'write_device'), [kind, fifo, job, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [name] = await once(writer.stdout, 'data');
  const reader = fork(READER, [way, job, String(name).trim(), String(args[0])]);
  const got = new Promise((resolve) => {
    reader.on('message', (message) => {
      if (message === 'open') writer.stdin.write('x');
      else if (message === 'all') writer.stdin.end('x');
      else resolve(message);
    });
  });
  if (job === 'times' && kind === 'pty') {
    // It hangs up a moment after the last message.
    setTimeout(() => writer.stdin.end('x'), (args[0] * args[1]) / 1000 + 3000);
  }
  const result = await got;
  if (reader.exitCode === null) await once(reader, 'exit');
  if (kind === 'fifo') fs.unlinkSync(fifo);
  return result;
}

/** All ways in turns; for each the medians of what its runs came to. */
async function compare(ways, kind, job, args) {
  const all = new Map(ways.map((way) => [way, []]));
  for (let run = 0; run < runs; run++) {
    for (const way of run % 2 === 0 ? ways : [...ways].reverse()) {
      const result = await runOnce(way, kind, job, args);
      console.error(kind, job, args.join(' '), way, JSON.stringify(result));
      all.get(way).push(result);
    }
  }
  const [first, second] = ways.map((way) => all.get(way));
  return {
    results: (way) => all.get(way),
    of: (way, key) => median(all.get(way).map((result) => result[key])),
    // Of runs that came one after the other: what else the machine does then is in both.
    ratio: (key) => median(first.map((result, run) => result[key] / second[run][key])),
  };
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
      const both = await compare(['slipring', theirs], kind, 'times', [messages, microseconds]);
      const cells = ['median', 'p99'].flatMap((key) => [
        both.of('slipring', key).toFixed(0),
        both.of(theirs, key).toFixed(0),
        both.ratio(key).toFixed(2),
      ]);
      rows.push([`${kind}, every ${microseconds} µs, beside ${theirs}`, ...cells]);
      for (const key of ['median', 'p99']) {
        if (both.ratio(key) > 1) problems.push(`${kind} every ${microseconds} µs: ${key} is later than ${theirs}'s`);
      }
    }
  }
  const head = ['µs from a write to `data`', 'median', 'Node', '÷ Node', 'p99', 'Node', '÷ Node'];
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
  const both = await compare(ways, 'pty', 'bytes', [total]);
  const rows = ways.map((way) => {
    const right = both.results(way).every(({ sha256 }) => sha256 === expected);
    if (!right && way === 'slipring') problems.push('the bytes of the terminal are not those that were written');
    return [
      way,
      both.of(way, 'megabytesPerSecond').toFixed(0),
      (both.of(way, 'cpuSeconds') / (total / 1e9)).toFixed(2),
      String(both.of(way, 'chunks')),
      right ? 'yes' : 'NO',
    ];
  });
  const ratio = both.ratio('megabytesPerSecond');
  if (ratio < 1) problems.push('a terminal is read slower than by Node');
  console.log(`\n${markdownTable([`${total} bytes of a terminal`, 'MB/s', 'CPU s/GB', 'chunks', 'identical'], rows)}`);
  console.log(`slipring ÷ tty.ReadStream: ${ratio.toFixed(3)}`);
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

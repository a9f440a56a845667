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
import fs, { writeFileSync } from 'node:fs';
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
const READER = path.join(import.meta.dirname, 'diag-reader.mjs');
const FIFOS = 64;
const STATS = 5000;

const programs = buildPrograms();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipring-bench-'));
const problems = [];

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** One writer, and readers that each read something of their own from it, once. */
async function runOnce(ways, kind, job, [count, ...args]) {
  const fifos = kind === 'fifo' ? ways.map((_, i) => path.join(folder, `fifo-${i}`)) : [];
  if (kind === 'fifo') execFileSync('mkfifo', fifos);
  const outputs = kind === 'fifo' ? fifos : [ways.length];
  const writer = spawn(path.join(programs, 'write_device'), [kind, job, count, ...args, ...outputs].map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [names] = await once(writer.stdout, 'data');
  const paths = String(names).trim().split(' ');
  let [opened, done] = [0, 0];
  const results = ways.map(async (way, i) => {
    const reader = fork(READER, [way, job, paths[i], String(count)], { serialization: 'advanced' });
    const got = new Promise((resolve) => {
      reader.on('message', (message) => {
        if (message === 'open') ++opened === ways.length && writer.stdin.write('x');
        else if (message === 'all') ++done === ways.length && writer.stdin.end('x');
        else resolve(message);
      });
    });
    const result = await got;
    if (reader.exitCode === null) await once(reader, 'exit');
    return result;
  });
  const all = await Promise.all(results);
  for (const fifo of fifos) fs.unlinkSync(fifo);
  return all;
}

function quantile(numbers, share) {
  return numbers.sort()[Math.min(Math.floor(numbers.length * share), numbers.length - 1)];
}

/**
 * Three readers at once, to which one writer writes in an order that changes: slipring, and Node twice. What else the
 * machine does delays all of them, and how far Node's two are apart is how little such numbers say.
 */
async function timesOf(theirs, kind, args) {
  const all = [[], [], []];
  for (let run = 0; run < runs; run++) {
    const results = await runOnce(['slipring', theirs, theirs], kind, 'times', args);
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


const R = Number(process.env.R ?? 10);
const kind = process.env.KIND ?? 'fifo';
const args = [Number(process.env.N ?? 25000), Number(process.env.US ?? 200)];
const theirs = kind === 'fifo' ? 'net.Socket' : 'tty.ReadStream';
const sets = { A: [theirs, theirs, theirs], S: ['slipring', theirs, theirs], T: [theirs, theirs, 'slipring'] };
const names = (process.env.SETS ?? 'A,S,T').split(',');
const acc = {};
for (let run = 0; run < R; run++) for (const name of names) {
  const results = await runOnce(sets[name], kind, 'times', args);
  writeFileSync('/tmp/cold/run-' + name + '-' + run + '.json', JSON.stringify(results.map((r) => r.microseconds.map((x) => Math.round(x)))));
  results.forEach(({ microseconds }, i) => {
    const x = Float64Array.from(microseconds);
    ((acc[name] ??= [])[i] ??= []).push([quantile(x, 0.5), quantile(x, 0.9), quantile(x, 0.99), quantile(x, 0.999)]);
  });
}
for (const name of names) acc[name].forEach((runs, i) => {
  console.log(name, i, sets[name][i].padEnd(14), [0,1,2,3].map((k) => { const v = runs.map((r) => r[k]); const m = v.reduce((a, b) => a + b) / v.length; const sd = Math.sqrt(v.reduce((a, b) => a + (b - m) ** 2, 0) / (v.length - 1) / v.length); return m.toFixed(1) + '±' + sd.toFixed(1); }).join('  '));
});
process.exit();

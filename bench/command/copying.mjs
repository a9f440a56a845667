/** A file to a file, to nowhere and into a pipe: time, CPU time and memory of whole processes. */
import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { median } from '../lib/metrics.mjs';
import { hasProgram } from '../lib/native.mjs';
import { inTurns } from '../lib/turns.mjs';

const MIB = 1024 * 1024;

function makeInput(file, size) {
  const block = Buffer.alloc(MIB, 'slipring ');
  const fd = openSync(file, 'w');
  for (let left = size; left > 0; left -= block.length) writeSync(fd, block, 0, Math.min(block.length, left));
  closeSync(fd);
}

/** What is started: a program and its arguments. `out`: where its standard output goes. */
function cases({ slipring, input, output }) {
  const copy = (sink) => [...slipring, 'copy', input, sink];
  const piped = (command) => ['sh', '-c', `"$@" | wc -c`, 'sh', ...command];
  const direct = {
    cp: { run: ['cp', input, output] },
    'cp (control)': { run: ['cp', input, output] },
    'dd bs=1M': { run: ['dd', `if=${input}`, `of=${output}`, 'bs=1M', 'status=none'] },
    cat: { run: ['cat', input], out: output },
    'pv -q': { run: ['pv', '-q', input], out: output },
    socat: { run: ['socat', '-u', `OPEN:${input}`, `CREATE:${output}`] },
    'slipring copy': { run: copy(output) },
  };
  const nowhere = {
    'pv -q': { run: ['pv', '-q', input] },
    'pv -q (control)': { run: ['pv', '-q', input] },
    'dd bs=1M': { run: ['dd', `if=${input}`, 'of=/dev/null', 'bs=1M', 'status=none'] },
    cat: { run: ['cat', input] },
    socat: { run: ['socat', '-u', `OPEN:${input}`, 'OPEN:/dev/null'] },
    'slipring copy': { run: copy('null:') },
  };
  const pipe = {
    'pv -q': { run: piped(['pv', '-q', input]) },
    'pv -q (control)': { run: piped(['pv', '-q', input]) },
    'dd bs=1M': { run: piped(['dd', `if=${input}`, 'bs=1M', 'status=none']) },
    cat: { run: piped(['cat', input]) },
    socat: { run: piped(['socat', '-u', `OPEN:${input}`, '-']) },
    'slipring cat': { run: piped([...slipring, 'cat', input]) },
  };
  return { 'to a file': direct, 'to nowhere': nowhere, 'into a pipe': pipe };
}

async function measured(context, contenders) {
  const names = Object.keys(contenders).filter((name) => name.startsWith('slipring') || hasProgram(name.split(' ')[0]));
  // The first round is for the caches.
  const runs = await inTurns(names, { rounds: context.runs, warmUp: 1 }, async (name) => {
    const { run, out = '/dev/null' } = contenders[name];
    rmSync(context.output, { force: true });
    const { stdout } = await promisify(execFile)(path.join(context.programs, 'measure'), [out, ...run]);
    const isWhole = !run.includes(context.output) || statSync(context.output).size === context.size;
    if (!isWhole) throw new Error(`${name} has not written all.`);
    return JSON.parse(stdout);
  });
  const of = (name, key) => median(runs[name].map((result) => result[key]));
  return new Map(
    names.map((name) => [name, { ns: of(name, 'ns'), cpuNs: of(name, 'cpuNs'), peakRss: of(name, 'peakRss') }]),
  );
}

export async function copying(context) {
  const input = path.join(context.folder, 'input');
  const output = path.join(context.folder, 'output');
  makeInput(input, context.size);
  const tables = [];
  const rates = {};
  for (const [where, contenders] of Object.entries(cases({ ...context, input, output }))) {
    const results = await measured({ ...context, output }, contenders);
    const [[first, reference]] = results;
    const rows = Array.from(results, ([name, { ns, cpuNs, peakRss }]) => [
      name,
      (ns / 1e9).toFixed(2),
      (reference.ns / ns).toFixed(2),
      (cpuNs / 1e9).toFixed(2),
      (peakRss / 1e6).toFixed(0),
    ]);
    const head = [where, 'seconds', `rate ÷ ${first}`, 'CPU seconds', 'MB'];
    tables.push({ title: `${context.size / MIB} MiB ${where}`, head, rows });
    rates[where] = reference.ns / Array.from(results.values()).at(-1).ns;
  }
  rmSync(input);
  rmSync(output, { force: true });
  return {
    tables,
    promises: [
      { what: 'to a file at 0.9 of the rate of cp at least', isKept: rates['to a file'] >= 0.9 },
      { what: 'to nowhere at twice the rate of pv at least', isKept: rates['to nowhere'] >= 2 },
    ],
  };
}

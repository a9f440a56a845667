/**
 * A file's lines into NATS JetStream: `publish()` beside a loop of `js.publish()` over readline, with as many under way, in turns;
 * and batches of lines also beside a loop that puts them together.
 *
 *   node bench/jetstream.mjs [--lines 200000] [--in-flight 256] [--size 65536] [--runs 5] [--check]
 *
 * Lines have 200 bytes; where both sides send batches, which are faster, there are ten times as many. `--size` is how large a
 * batch of them is that goes as one message. The loop is measured twice in each round, as a control. With --check the exit code
 * is 1 when a promise is missed by more than the control's spread. Needs `nats-server`.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { median } from './lib/metrics.mjs';
import { markdownTable } from './lib/table.mjs';

const CHILD = path.join(import.meta.dirname, 'jetstream', 'child.mjs');
const PORT = 14_222;
// What is promised: messages a second, and CPU time of the process for each, as multiples of the loop's.
const ROWS = [
  { ours: 'publish(): lines', peer: 'loop: lines', times: 1, least: 1, mostCpu: 0.7 },
  { ours: 'publish(): batches', peer: 'loop: lines', times: 1, least: 1.5, mostCpu: 0.7 },
  // Nothing is promised: the server is what takes its time.
  { ours: 'publish(): batches', peer: 'loop: batches', times: 10, least: 0, mostCpu: Infinity },
];

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200000' },
    'in-flight': { type: 'string', default: '256' },
    size: { type: 'string', default: '65536' },
    runs: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
  },
});
const lines = Number(values.lines);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipring-bench-'));
const server = spawn('nats-server', ['-js', '-a', '127.0.0.1', '-p', String(PORT), '-sd', folder], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.on('exit', () => {
  server.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});
server.on('exit', (code) => {
  if (code) throw new Error(`nats-server has ended with ${code}`);
});
for await (const text of server.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
  if (text.includes('Server is ready')) break;
}
server.stderr.resume();

/** As many lines, so many times. */
function write(times) {
  const file = path.join(folder, `lines-${times}`);
  const text = Array.from({ length: lines }, (_, i) => `${String(i).padEnd(199, 'x')}\n`).join('');
  for (let i = 0; i < times; i++) fs.appendFileSync(file, text);
  return file;
}

async function runOnce(way, file) {
  const child = fork(CHILD);
  const options = { file, inFlight: Number(values['in-flight']), size: Number(values.size) };
  child.send({ way, port: PORT, ...options });
  const [result] = await once(child, 'message');
  await once(child, 'exit');
  if (result.messages !== result.stored) throw new Error(`${way}: ${result.messages} sent, ${result.stored} stored`);
  return result;
}

const busy = await busyShare();
if (busy > TOO_BUSY) console.error(`Others use ${Math.round(100 * busy)} % of the processors: close what else runs.`);
const table = [];
const problems = [];
for (const { ours, peer, times, least, mostCpu } of ROWS) {
  const file = write(times);
  const runs = { ours: [], peer: [], control: [] };
  for (let round = 0; round < Number(values.runs); round++) {
    const order = ['peer', 'ours', 'control'];
    for (const who of round % 2 === 0 ? order : order.reverse())
      runs[who].push(await runOnce(who === 'ours' ? ours : peer, file));
  }
  const ratio = (a, b, key) => median(runs[a].map((run, i) => run[key] / runs[b][i][key]));
  const speed = ratio('peer', 'ours', 'seconds');
  const cpu = ratio('ours', 'peer', 'cpuSeconds');
  const control = ratio('peer', 'control', 'seconds');
  const spread = Math.max(control, 1 / control);
  const { messages } = runs.ours[0];
  const rate = (who) => Math.round((lines * times) / median(runs[who].map(({ seconds }) => seconds)));
  table.push(
    [ours, peer, messages, rate('ours'), rate('peer'), speed.toFixed(2), control.toFixed(2), cpu.toFixed(2)].map(
      String,
    ),
  );
  if (speed * spread < least) problems.push(`${ours}: ${speed.toFixed(2)} times as fast, and ${least} is promised`);
  if (cpu / spread > mostCpu) problems.push(`${ours}: ${cpu.toFixed(2)} of the CPU time, and ${mostCpu} is promised`);
}
const { cpu, cores, kernel, node } = describeMachine();
console.log(`${lines} lines of 200 bytes, ${values['in-flight']} messages in flight, medians of ${values.runs}`);
console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${node}\n`);
console.log(markdownTable(['', 'beside', 'messages', 'lines/s', 'its', '÷ its', 'control', 'CPU ÷ its'], table));
for (const problem of problems) console.error(problem);
if (values.check && problems.length > 0) process.exitCode = 1;
server.removeAllListeners('exit');
process.exit();

/** Runs one contender once, in a process of its own, and checks that it did the job. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { startReceiver } from './receiver.mjs';

const CHILD = path.join(import.meta.dirname, '../child.mjs');
const TIMEOUT_MS = 300_000;

const start = promisify(execFile);

/** Runs a program that prints its report as JSON. It may kill itself when it has. */
export async function report(file, args) {
  try {
    const { stdout } = await start(file, args, { timeout: TIMEOUT_MS });
    return JSON.parse(stdout);
  } catch (error) {
    if (error.signal === 'SIGKILL' && error.stdout) return JSON.parse(error.stdout);
    const lines = error.stderr?.split('\n') ?? [];
    const said = lines.find((line) => /error/i.test(line)) ?? lines.find((line) => line !== '');
    const how = error.killed ? 'took too long' : `failed with ${error.signal ?? error.code ?? error.message}`;
    throw new Error(said ?? how, { cause: error });
  }
}

function runProgram({ program, args, output }, programs, size) {
  if (output === undefined) return report(path.join(programs, program), args);
  return report(path.join(programs, 'measure'), [output, program, ...args]).then((result) => ({
    ...result,
    bytes: size,
  }));
}

function check(condition, what) {
  if (!condition) throw new Error(what);
}

async function sendTo(receiver, run, size) {
  try {
    const sample = await run();
    const received = await receiver.received;
    check(received === size, `received ${received} bytes of ${size}`);
    return sample;
  } finally {
    await receiver.stop();
  }
}

/** What the contender reports: `bytes`, `ns`, `cpuNs`, `peakRss`, and what is particular to the case. */
export async function runOnce(benchCase, contender, { workspace, programs, input, size }) {
  const context = { input, size, output: workspace.output() };
  const run = () =>
    contender.command
      ? runProgram(contender.command(context), programs, size)
      : report(process.execPath, [CHILD, benchCase.name, contender.name, JSON.stringify(context)]);

  let sample;
  if (benchCase.receiver) {
    const receiver = await startReceiver(programs, benchCase.receiver, workspace.socket());
    context.endpoint = receiver.endpoint;
    sample = await sendTo(receiver, run, size);
  } else {
    sample = await run();
  }

  const moves = !benchCase.endless && contender.role !== 'idle';
  if (moves) check(sample.bytes === size, `${sample.bytes} bytes of ${size}`);
  if (fs.existsSync(context.output)) {
    const { size: written } = fs.statSync(context.output);
    check(written === size, `wrote ${written} bytes of ${size}`);
    fs.rmSync(context.output);
  }
  return sample;
}

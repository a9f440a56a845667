/** Node processes that a test starts, watches to their end, and never leaves behind. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import path from 'node:path';

import { promised } from '../../helpers/promised';
import type { WorkerEnded } from '../fixtures/worker-host';

/** How a process ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * A process that has not ended by then hangs. It takes a fraction of a second; where others take the processors, the load that
 * `promised` knows is that of the minute before. Less than the patience with a stuck plugin, which must not be waited for.
 */
const PROCESS_MS = 4500;

/** The path of a program in test/lifecycle/fixtures. */
export function fixturePath(name: string): string {
  return path.join(__dirname, '..', 'fixtures', `${name}.js`);
}

export interface ChildOptions {
  /** Options of node itself. */
  node?: string[];
  /** A program, and its arguments, that runs node. */
  via?: string[];
  /** How many times as much as a process does is done in it. */
  times?: number;
  /** What it has in its environment besides ours. */
  env?: Record<string, string>;
}

/** Runs a fixture to its end. One that is not there in time is killed with SIGKILL, and its test fails. */
export function runChild(fixture: string, args: (string | number)[] = [], options: ChildOptions = {}): Promise<Ended> {
  const { node = [], via = [], times = 1, env = {} } = options;
  const limitMs = times * promised(PROCESS_MS);
  const [command, ...rest] = [...via, process.execPath, ...node, fixturePath(fixture), ...args.map(String)];
  return new Promise((resolve, reject) => {
    const child = spawn(command as string, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    let late = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const what = [fixture, ...args].join(' ');
      if (late) reject(new Error(`${what} had not ended after ${Math.round(limitMs)} ms. It said: ${stdout}${stderr}`));
      else resolve({ code, signal, stdout, stderr });
    });
  });
}

/** Runs a fixture that must end with exit code 0 and say nothing but what it has to tell: JSON on standard output. */
export async function askChild<Answer>(fixture: string, args: (string | number)[] = [], options: ChildOptions = {}) {
  const { stdout, ...rest } = await runChild(fixture, args, options);
  assert.deepEqual(rest, { code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as Answer;
}

/** Runs a fixture as a worker, so many times, each of which has the time of a process. */
export function askWorkers(times: number, fixture: string, args: (string | number)[]): Promise<WorkerEnded[]> {
  return askChild('worker-host', [times, fixture, ...args], { times });
}

/** Calls `task` with 0 to count - 1, two at a time, and returns what it returned. */
export async function repeat<Result>(count: number, task: (run: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const run = next++;
      results[run] = await task(run);
    }
  };
  await Promise.all([lane(), lane()]);
  return results;
}

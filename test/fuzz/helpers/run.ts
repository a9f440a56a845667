/** Starts the processes that run the sequences, watches them, and says what was wrong. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { include } from 'slipring';

import type { Line } from '../child';
import { buildPlugins } from './place';

export interface Fuzzing {
  /** The program that runs the sequences. */
  node: string;
  first: number;
  /** How many, at most. */
  most: number;
  /** When to begin none any more. */
  until: number;
}

export interface Outcome {
  done: number;
  /** In words, with how to see it again. */
  problem?: string;
}

/** Sequences that share a process, which takes longer to start than one of them. */
const TOGETHER = 25;

/** Without a word for so long, a process hangs; where it still can, it says so itself, long before. */
const SILENCE_MS = 60_000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

export async function fuzz({ node, first, most, until }: Fuzzing): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipring-fuzz-'));
  try {
    buildPlugins(folder, include);
    let done = 0;
    while (done < most && Date.now() < until) {
      const count = Math.min(TOGETHER, most - done);
      const begin = first + done;
      const { seed, problem } = await runTogether(node, folder, begin, count);
      if (problem !== undefined) return { done: done + seed - begin, problem: explain(problem, seed, begin, folder) };
      done += count;
    }
    return { done };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runTogether(node: string, folder: string, first: number, count: number) {
  const work = path.join(folder, 'work');
  mkdirSync(work);
  const args = ['--expose-gc', '--no-warnings', '--enable-source-maps', path.join(__dirname, '..', 'child.js')];
  const child = spawn(node, [...args, work, folder, String(first), String(count)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined }, // Node reads them when it likes
  });
  let seed = first;
  let problem: string | undefined;
  let errors = '';
  let timer: NodeJS.Timeout | undefined;
  const fail = (text: string): void => {
    if (problem !== undefined) return;
    problem = text.includes('hangs') ? `${text}\n${stacksOf(child)}` : text;
    child.kill('SIGKILL');
  };
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(fail, SILENCE_MS, 'hangs');
  };
  watch();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.seed !== undefined) ({ seed } = line as { seed: number });
    if (line.problem !== undefined) fail(line.problem);
    watch();
  });
  return new Promise<{ seed: number; problem: string | undefined }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0) problem ??= `ended with ${signal ?? `code ${code}`}\n${errors}`;
      if (problem === undefined) rmSync(work, { recursive: true, force: true });
      resolve({ seed, problem });
    });
  });
}

/** Where our threads are: with gdb, where there is one, else what the kernel says. */
function stacksOf({ pid }: Child): string {
  const gdb = ['-p', String(pid), '-batch', '-ex', 'thread apply all backtrace -frame-arguments none 8'];
  const { stdout, error } = spawnSync('gdb', gdb, { encoding: 'utf8' });
  if (!error)
    return stdout
      .split('\n\n')
      .filter((stack) => stack.includes('slipring::'))
      .join('\n\n');
  if (!existsSync(`/proc/${pid}/task`)) return '';
  return spawnSync('sh', ['-c', `head -v /proc/${pid}/task/*/{comm,wchan,syscall}`], { encoding: 'utf8' }).stdout;
}

function explain(problem: string, seed: number, first: number, folder: string): string {
  const trace = path.join(folder, 'work', 'trace');
  return [
    `\nseed ${seed}: ${problem}`,
    ...(existsSync(trace)
      ? ['', 'What was done, each with the number of its stream:', readFileSync(trace, 'utf8')]
      : []),
    `Again: npm run fuzz -- --seed ${seed}`,
    ...(seed === first
      ? []
      : [`Where that is not enough: npm run fuzz -- --seed ${first} --count ${seed - first + 1}`]),
  ].join('\n');
}

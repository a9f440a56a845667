/** The command `slipring` while it runs. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { manifest, root } from './command';

const main = path.join(root, manifest.bin.slipring);

export interface Done {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
}

export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** When it has ended, and all it wrote is here. */
  readonly done: Promise<Done>;
  stderr = '';
  readonly #stdout: Buffer[] = [];

  constructor(cwd: string, args: readonly string[], command = process.execPath) {
    this.child = spawn(command, command === process.execPath ? [main, ...args] : args, { cwd });
    this.child.stdout.on('data', (chunk: Buffer) => void this.#stdout.push(chunk));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => void (this.stderr += text));
    this.done = once(this.child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  get stdout(): Buffer {
    return Buffer.concat(this.#stdout);
  }

  /** What it says of how it goes, when it has come to that. Other signals may be seen later than this one. */
  async answer(): Promise<string> {
    const known = this.stderr.length;
    this.child.kill('SIGUSR1');
    while (!/ring \d+\/\d+.*\n/.test(this.stderr.slice(known))) await once(this.child.stderr, 'data');
    return this.stderr.slice(known);
  }

  /** Asks it to stop, and returns when it knows. */
  async interrupt(): Promise<void> {
    this.child.kill('SIGINT');
    while (!(await this.answer()).includes('stopping'));
  }
}

/** Begins it in the folder `cwd`. */
export function start(cwd: string, ...args: string[]): Running {
  return new Running(cwd, args);
}

/** Runs it to its end, with an empty standard input. */
export function carry(cwd: string, ...args: string[]): Promise<Done> {
  const running = start(cwd, ...args);
  running.child.stdin.end();
  return running.done;
}

/** Runs a line of the shell's, in which `slipring` is the command. */
export function shell(cwd: string, line: string): Promise<Done> {
  const script = `slipring() { '${process.execPath}' '${main}' "$@"; }\n${line}`;
  const running = new Running(cwd, ['-c', script], 'bash');
  running.child.stdin.end();
  return running.done;
}

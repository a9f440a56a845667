/** A command of the shell, which reads from its standard input. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { Sink } from './sink';
import { WritableSink } from './writable';

class ExecSink extends WritableSink {
  readonly #ended: Promise<[code: number | null, signal: string | null]>;

  constructor(name: string, child: ChildProcess) {
    super(name, child.stdin as Writable);
    this.#ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  }

  override async write(bytes: Buffer): Promise<void> {
    try {
      await super.write(bytes);
    } catch {
      await this.#check();
      throw new Error('it has ended, and has not read all');
    }
  }

  override async end(): Promise<void> {
    // It need not have read all when it ends well.
    await super.end().catch(() => undefined);
    await this.#check();
  }

  async #check(): Promise<void> {
    const [code, signal] = await this.#ended;
    if (signal !== null) throw new Error(`it was ended by ${signal}`);
    if (code !== 0) throw new Error(`it has ended with exit code ${code}`);
  }
}

export async function openExec(name: string, command: string): Promise<Sink> {
  // A group of its own: the SIGINT of a terminal is for who reads. What is written to this one ends by that.
  const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
  await once(child, 'spawn');
  return new ExecSink(name, child);
}

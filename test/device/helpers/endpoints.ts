/** Real terminals and sockets for the tests of device streams. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';

import type { Folder } from '../../helpers/files';
import { until } from '../../helpers/waiting';

let made = 0;

/** Programs that tests started and that would live on. */
const programs = new Set<ChildProcess>();

/** Call it in a `describe` that starts programs: none is left behind by a test. */
export function endPrograms(): void {
  afterEach(async () => {
    for (const program of programs) {
      program.kill();
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
    }
    programs.clear();
  });
}

/** Starts socat, with what is written to its standard input going there where `addresses` say. */
export function socat(...addresses: string[]): ChildProcess {
  const program = spawn('socat', addresses, { stdio: ['pipe', 'pipe', 'inherit'] });
  programs.add(program);
  return program;
}

export interface Terminals {
  near: string;
  far: string;
  program: ChildProcess;
}

/** Two terminals, each of which gives what is written to the other, without changing it. */
export async function makeTerminals(folder: Folder): Promise<Terminals> {
  const [near, far] = [folder.path(`near-${made}`), folder.path(`far-${made++}`)] as const;
  const program = socat(`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`);
  await until(() => fs.existsSync(near) && fs.existsSync(far));
  return { near, far, program };
}

export interface Peer {
  path: string;
  /** Sends one packet, or some bytes. */
  send(data: string): void;
  /** Leaves. */
  leave(): void;
  /** Is gone, without having tidied up: its path is still there. */
  die(): Promise<void>;
}

/** A unix socket that somebody listens at: `type` is 1 for a stream, 5 for packets in order. */
export async function makeSocket(folder: Folder, type: 1 | 5): Promise<Peer> {
  const path = folder.path(`socket-${made++}`);
  const program = socat('-u', '-', `UNIX-LISTEN:${path},type=${type}`);
  await until(() => fs.existsSync(path));
  return {
    path,
    send: (data) => void program.stdin?.write(data),
    leave: () => void program.stdin?.end(),
    async die() {
      program.kill('SIGKILL');
      await once(program, 'exit');
    },
  };
}

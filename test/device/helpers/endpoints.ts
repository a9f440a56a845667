/** Real terminals and sockets for the tests of device streams. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { Folder } from '../../helpers/files';

let made = 0;

/** Programs that tests started and that would live on. */
const programs = new Set<ChildProcess>();

/** Call it in a `describe` that starts programs: none is left behind by a test. */
export function endPrograms(): void {
  afterEach(async () => {
    for (const program of programs) await kill(program);
    programs.clear();
  });
}

/**
 * Ends a program, and waits for that. Not with SIGTERM: socat looks whether it came, and then waits for data; it sleeps
 * through one that comes between the two.
 */
async function kill(program: ChildProcess): Promise<void> {
  program.kill('SIGKILL');
  if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
}

/**
 * Starts socat, with what is written to its standard input going there where `addresses` say, and waits until it has
 * given the notice. That its path is there is not enough: nobody may listen at it yet.
 */
async function socat(notice: string, ...addresses: string[]): Promise<ChildProcess> {
  const program = spawn('socat', ['-d', '-d', ...addresses], { stdio: ['pipe', 'ignore', 'pipe'] });
  programs.add(program);
  const said: string[] = [];
  for await (const line of createInterface(program.stderr)) {
    if (line.includes(notice)) return program;
    said.push(line);
  }
  throw new Error(`socat has ended: ${said.join('; ')}`);
}

export interface Terminals {
  near: string;
  far: string;
  /** As when both are unplugged. */
  hangUp: () => Promise<void>;
}

/** Two terminals, each of which gives what is written to the other, without changing it. */
export async function makeTerminals(folder: Folder): Promise<Terminals> {
  const [near, far] = [folder.path(`near-${made}`), folder.path(`far-${made++}`)] as const;
  const ends = [near, far].map((path) => `pty,raw,echo=0,link=${path}`);
  const program = await socat('starting data transfer', ...ends);
  return { near, far, hangUp: () => kill(program) };
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
  const program = await socat('listening on', '-u', '-', `UNIX-LISTEN:${path},type=${type}`);
  return {
    path,
    send: (data) => void program.stdin?.write(data),
    leave: () => void program.stdin?.end(),
    die: () => kill(program),
  };
}

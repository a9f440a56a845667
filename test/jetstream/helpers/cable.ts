/** A cable between this machine and a network with nothing but one program, which can be cut. */
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { onLinux } from '../../helpers/process';
import { killed, spawnBound } from './bound';

/** The networks that are for documentation. Yet there are machines that are in one of them. */
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];
const [NEAR, FAR] = ['slipring-near', 'slipring-far'];

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'ignore' });
}

/** Whether we may make networks. */
export function mayCut(): boolean {
  return onLinux && spawnSync('unshare', ['--net', 'ip', 'link']).status === 0;
}

export class Cable {
  /** The address of this machine's end. */
  readonly host: string;
  /** What a command is to begin with, to run at the other end. */
  readonly via: string[];
  readonly #far: ChildProcess;

  /** The network at the other end, and the cable, are gone as soon as no process is there any more. */
  static async make(): Promise<Cable> {
    const far = spawnBound('unshare', ['--net', 'sleep', 'infinity']);
    const mine = readlinkSync('/proc/self/ns/net');
    while (readlinkSync(`/proc/${far.pid}/ns/net`) === mine) await delay(1);
    return new Cable(far);
  }

  private constructor(far: ChildProcess) {
    const used = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
    const network = NETWORKS.find((name) => !used.some((address) => address.startsWith(`${name}.`))) as string;
    this.#far = far;
    this.host = `${network}.1`;
    this.via = ['nsenter', '-t', String(far.pid), '-n'];
    const [nsenter, ...into] = this.via as [string, ...string[]];
    run('ip', 'link', 'add', NEAR, 'type', 'veth', 'peer', 'name', FAR, 'netns', String(far.pid));
    run('ip', 'addr', 'add', `${this.host}/24`, 'dev', NEAR);
    run('ip', 'link', 'set', NEAR, 'up');
    run(nsenter, ...into, 'ip', 'addr', 'add', `${network}.2/24`, 'dev', FAR);
    run(nsenter, ...into, 'ip', 'link', 'set', FAR, 'up');
  }

  /** Cut for so long: nothing tells when it has been so. */
  async cut(milliseconds: number): Promise<void> {
    run('ip', 'link', 'set', NEAR, 'down');
    await delay(milliseconds);
    run('ip', 'link', 'set', NEAR, 'up');
  }

  async remove(): Promise<void> {
    await killed(this.#far);
  }
}

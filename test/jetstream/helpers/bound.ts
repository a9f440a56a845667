/** Child processes that end with this one, however it ends: also when it is killed, or ended in the middle of a test that failed. */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';

/** `command` becomes what it runs, so the pid is that one's. */
export function spawnBound(command: string, args: string[], stdio: StdioOptions = 'ignore'): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio });
}

/** As `kill -9` does. Fulfilled when it has ended, also when it had before. */
export async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

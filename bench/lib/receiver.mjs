/** The process that the socket cases send to: bench/native/receive.c. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Starts it. `endpoint` is what to connect to; `received` becomes the number of bytes it got. */
export async function startReceiver(programs, kind, socketPath) {
  const at = kind === 'tcp' ? 'tcp:0' : `unix:${socketPath}`;
  const child = spawn(path.join(programs, 'receive'), [at], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: endpoint } = await lines.next();
  if (endpoint === undefined) throw new Error('The receiver did not start');
  return {
    endpoint,
    received: lines.next().then(({ value }) => Number(value)),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

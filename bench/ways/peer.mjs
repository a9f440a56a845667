/** The other side of what is sent: bench/native/peer.c, in a process of its own. It ends when this one does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export async function startPeer(programs, ...args) {
  const child = spawn(path.join(programs, 'peer'), args.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return { port: Number(port), url: `http://127.0.0.1:${Number(port)}/` };
}

/** Who writes into a FIFO or a terminal: bench/native/write_pieces.c, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** `path` is what to read from. When it is open, `opened` lets the writer begin. */
export async function startWriter(kind, piece, { programs, folder, path: file }) {
  const args = [kind, path.join(folder, 'fifo'), file, piece].map(String);
  const writer = spawn(path.join(programs, 'write_pieces'), args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [name] = await once(writer.stdout, 'data');
  return { path: String(name).trim(), opened: () => writer.stdin.write('x') };
}

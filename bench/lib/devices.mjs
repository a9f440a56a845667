/** A writer in C, and readers in processes of their own: what device-reader.mjs does, done by several at once. */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

const READER = path.join(import.meta.dirname, '../device-reader.mjs');

/** One writer, and readers that each read something of their own from it, once. */
export async function runReaders(ways, kind, job, [count, ...args], { programs, folder, node = process.execPath }) {
  const fifos = kind === 'fifo' ? ways.map((_, i) => path.join(folder, `fifo-${i}`)) : [];
  if (kind === 'fifo') execFileSync('mkfifo', fifos);
  const outputs = kind === 'fifo' ? fifos : [ways.length];
  const writer = spawn(path.join(programs, 'write_device'), [kind, job, count, ...args, ...outputs].map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [names] = await once(writer.stdout, 'data');
  const paths = String(names).trim().split(' ');
  let [opened, done] = [0, 0];
  const results = ways.map(async (way, i) => {
    const reader = fork(READER, [way, job, paths[i], String(count)], {
      serialization: 'advanced',
      execPath: node,
    });
    const got = new Promise((resolve) => {
      reader.on('message', (message) => {
        if (message === 'open') ++opened === ways.length && writer.stdin.write('x');
        else if (message === 'all') ++done === ways.length && writer.stdin.end('x');
        else resolve(message);
      });
    });
    const result = await got;
    if (reader.exitCode === null) await once(reader, 'exit');
    return result;
  });
  const all = await Promise.all(results);
  for (const fifo of fifos) fs.unlinkSync(fifo);
  return all;
}

export function quantile(numbers, share) {
  return numbers.sort()[Math.min(Math.floor(numbers.length * share), numbers.length - 1)];
}

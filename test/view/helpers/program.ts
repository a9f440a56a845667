/** A program with a view, which can be stopped and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const SCRIPT = `
  const { serveView } = require('slipring/view');
  const { createPatternStream } = require('slipring');
  const [port, token] = process.argv.slice(1);
  createPatternStream({ slots: 4, slotSize: 1024 });
  serveView({ port: Number(port), token }).then(({ url }) => console.log(url));
`;

export interface Program {
  child: ChildProcess;
  url: string;
}

/** Its stream stands still. It ends when it is killed. */
export async function startProgram(port: number, token: string): Promise<Program> {
  const cwd = path.dirname(require.resolve('slipring/package.json'));
  const child = spawn(process.execPath, ['-e', SCRIPT, String(port), token], { cwd });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

export async function kill({ child }: Program): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

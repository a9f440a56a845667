/** Examples of the gallery, built and run as their READMEs say: in copies of their folders, from where 'slipring' is found. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { promised } from '../../helpers/promised';
import type { Ended } from '../../lifecycle/helpers/child';

export const root = path.join(__dirname, '..', '..', '..', '..');

/** For a process that starts, opens a source and reads little. */
const PROCESS_MS = 3000;

/** A process that runs an example's main.mjs. */
export interface Run {
  child: ChildProcess;
  ended: Promise<Ended>;
}

export interface Example {
  /** The path of a file in the example's folder. */
  path(name: string): string;
  /** Starts `node main.mjs ARGS`. What has not ended by itself in time is killed, and its test fails. */
  start(...args: string[]): Run;
  /** As `start`, to the end. */
  run(...args: string[]): Promise<Ended>;
  /** Changes a file of the copy, and builds it again. */
  change(name: string, edit: (text: string) => string): void;
}

/** The line of the README that calls a compiler, in a form that takes no warning. */
function buildLine(folder: string): string {
  const [line, compiler] = /^(cc|c\+\+|rustc) .*$/m.exec(readFileSync(path.join(folder, 'README.md'), 'utf8')) ?? [];
  if (line === undefined) throw new Error(`${folder}/README.md does not say how to build it`);
  return line.replace(/^\S+/, compiler === 'rustc' ? '$& -D warnings' : '$& -Werror');
}

function start(folder: string, args: string[]): Run {
  const child = spawn(process.execPath, ['main.mjs', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const limit = promised(PROCESS_MS);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`main.mjs had not ended after ${Math.round(limit)} ms. It said: ${stdout}${stderr}`));
    }, limit);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, ended };
}

/** Call it in a `describe`: the example is built while its tests run. */
export function builtExample(name: string): Example {
  let folder = '';
  const build = (): void => void execFileSync('sh', ['-c', buildLine(folder)], { cwd: folder });
  before(() => {
    mkdirSync(path.join(root, 'build'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'build', `gallery-${name}-`));
    cpSync(path.join(root, 'examples', name), folder, { recursive: true });
    build();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    path: (file) => path.join(folder, file),
    start: (...args) => start(folder, args),
    run: (...args) => start(folder, args).ended,
    change: (name, edit) => {
      const file = path.join(folder, name);
      writeFileSync(file, edit(readFileSync(file, 'utf8')));
      build();
    },
  };
}

/** The command `slipring`, as package.json names it, and other programs, run to their end. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package. */
export const root = path.dirname(require.resolve('slipring/package.json'));

export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
  bin: { slipring: string };
};

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** It had nothing to say, and all is done. */
export function assertDone({ code, stderr }: Pick<Ended, 'code' | 'stderr'>): void {
  assert.equal(stderr, '');
  assert.equal(code, 0);
}

export function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Ended {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (result.error) throw result.error;
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Runs the command in the folder `cwd`. */
export function slipring(cwd: string, ...args: string[]): Ended {
  return run(process.execPath, [path.join(root, manifest.bin.slipring), ...args], cwd);
}

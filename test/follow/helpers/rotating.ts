/** A process that writes and rotates. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface Rotation {
  style: string;
  lines: number;
  rotations: number;
  /** Milliseconds between two rotations, if not as fast as it can. */
  pause?: number;
  /** The first line, if that is not 0. */
  from?: number;
}

/** Appends `lines` lines to the file while it rotates it; see fixtures/rotate.ts. Resolves when it is done. */
export async function rotate(file: string, { style, lines, rotations, pause = 0, from = 0 }: Rotation): Promise<void> {
  const program = path.join(__dirname, '..', 'fixtures', 'rotate.js');
  const args = [file, style, lines, rotations, pause, from].map(String);
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
}

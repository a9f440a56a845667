/** Files for one group of tests, in a folder that is gone afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { makeFifo } from './fifo';
import { patternBytes } from './pattern';

export interface Folder {
  /** The path of `name` in the folder. */
  path(name: string): string;
  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Writes a file of `length` bytes, none of which looks like its neighbours, and returns its path. */
  fill(name: string, length: number): string;
  /** Makes a FIFO, which no other test knows, and returns its path. */
  fifo(): string;
}

/** Call it in a `describe`: the folder is there while its tests run. */
export function temporaryFolder(): Folder {
  let folder = '';
  let fifos = 0;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'slipring-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  return {
    path: (name) => path.join(folder, name),
    write,
    fill: (name, length) => write(name, patternBytes(length, 0, length)),
    fifo: () => makeFifo(path.join(folder, `fifo-${fifos++}`)),
  };
}

/** Runs `body` as a user to whom permissions apply: as root, nothing is forbidden. */
export async function withoutPrivileges(body: () => Promise<void>): Promise<void> {
  const privileged = process.geteuid?.() === 0;
  if (privileged) process.seteuid?.(65534);
  try {
    await body();
  } finally {
    if (privileged) process.seteuid?.(0);
  }
}

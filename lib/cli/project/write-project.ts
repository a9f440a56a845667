/** Writes the files of a project into a folder that has none yet: all of them, or nothing. */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../failure';

/** Whether the folder is there. What lies in it may be a repository, and nothing else. */
function isThere(folder: string): boolean {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') throw new Failure(`${folder} is not a folder, or in none.`);
    throw new Failure(`${folder} cannot be used: ${message}.`);
  }
  if (names.some((name) => name !== '.git')) throw new Failure(`${folder} is not empty. Name a new folder.`);
  return true;
}

/** @throws Failure when the folder cannot be written, and is as it was */
export function writeProject(folder: string, files: Map<string, string>): void {
  const made: (string | undefined)[] = [];
  try {
    if (!isThere(folder)) made.push(mkdirSync(folder, { recursive: true }));
    for (const [name, text] of files) {
      const target = path.join(folder, name);
      made.push(mkdirSync(path.dirname(target), { recursive: true }));
      // Never over what somebody else has put there meanwhile.
      const file = openSync(target, 'wx');
      made.push(target);
      try {
        writeFileSync(file, text);
      } finally {
        closeSync(file);
      }
    }
  } catch (error) {
    // What was made here goes again, the last first; what was there before stays.
    for (const ours of made.reverse()) {
      if (ours !== undefined) rmSync(ours, { recursive: true, force: true });
    }
    if (error instanceof Failure) throw error;
    throw new Failure(`The project could not be written: ${(error as Error).message}. Nothing is left of it.`);
  }
}

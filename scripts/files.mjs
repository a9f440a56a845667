// The project's files, for the scripts that check them.
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The files in `folder` whose names match `pattern`, as paths from the root with slashes, sorted. */
export function filesIn(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}

export const CPP = /\.(cc|h|hpp)$/;
export const C_OR_CPP = /\.(c|cc|h|hpp)$/;

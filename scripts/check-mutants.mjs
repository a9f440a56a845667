// Checks that each of test/native/mutants/ finds the text that it changes, once, in its file: whoever changes a file sees at
// once which of its mutants are to be rewritten, before any is planted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { mutants } from '../test/native/mutants/index.mjs';
import { root } from './files.mjs';

const placesOf = ({ file, from }) => readFileSync(join(root, file), 'utf8').split(from).length - 1;
const stale = mutants.filter((mutant) => placesOf(mutant) !== 1);

for (const mutant of stale) {
  console.error(`"${mutant.name}": its text occurs ${placesOf(mutant)} times in ${mutant.file}: ${mutant.from}`);
}
console.log(`mutants: ${mutants.length}, ${stale.length} stale`);
if (stale.length > 0) process.exitCode = 1;

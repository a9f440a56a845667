// Checks that a plugin which was compiled against an earlier slipring/source.h, with what that includes, still finds
// everything at its place.
//
//   node scripts/check-abi.mjs [HEADER]     another header in place of the current one
//
// The earlier ones are in test/abi, a folder for each version. Of what such a version had, every field must be where it
// was, with its size and its type, and every constant must have its value. What is new lies behind the size that a struct
// had then: not in its padding either, which nobody cleared.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseHeader } from './abi/header.mjs';
import { layoutOf } from './abi/layout.mjs';
import { root } from './files.mjs';

const CURRENT = 'addon/include/slipring/source.h';

// Fields whose type may differ from what it was in a version, and why.
const changedTypes = {
  '1.0': [
    // Reserved then, and NULL in every table that was made, since the host refused all others. What slipring_sink is, which
    // it takes, had not been said.
    'slipring_source.start',
  ],
};

/** What no longer is as it was in the version of the header in `file`. */
function problemsSince(version, file, currentFile) {
  const [then, now] = [file, currentFile].map(parseHeader);
  const before = layoutOf(file, then, then);
  const after = layoutOf(currentFile, now, then);
  const problems = [];
  for (const [name, was] of Object.entries(before)) {
    const is = after[name];
    const [struct, field] = name.split('.');
    if (!is) problems.push(`${name} is gone`);
    else if (was.value !== is.value) problems.push(`${name} was ${was.value}, and is ${is.value}`);
    else if (field) {
      if (was.offset !== is.offset) problems.push(`${name} was at ${was.offset}, and is at ${is.offset}`);
      if (was.size !== is.size) problems.push(`${name} had ${was.size} bytes, and has ${is.size}`);
      if (!is.same && !changedTypes[version]?.includes(name)) {
        problems.push(`${name} was a ${then.structs.get(struct).get(field)}`);
      }
    } else if (was.size > is.size) problems.push(`${name} had ${was.size} bytes, and has ${is.size}`);
  }
  for (const [name, { offset }] of Object.entries(after)) {
    const [struct, field] = name.split('.');
    if (!field || name in before || !(struct in before)) continue;
    const { size } = before[struct];
    if (offset < size) problems.push(`${name} is new, and at ${offset}: within the ${size} bytes that there were`);
  }
  return problems;
}

const current = resolve(process.argv[2] ?? join(root, CURRENT));
const versions = readdirSync(join(root, 'test/abi')).filter((name) => /^\d+\.\d+$/.test(name));
if (versions.length === 0) throw new Error('There is no earlier version in test/abi.');
const problems = versions.flatMap((version) => {
  const file = join(root, 'test/abi', version, 'source.h');
  return problemsSince(version, file, current).map((problem) => `since ${version}: ${problem}`);
});
for (const problem of problems) console.error(problem);
console.log(`abi: the header compared with ${versions.join(', ')}: ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;

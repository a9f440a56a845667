// Checks that AGENTS.md and llms.txt, which nobody reads while changing something else, still fit the project: the commands,
// files, options and functions that they name are there, and no function is missing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './files.mjs';

const read = (file) => readFileSync(join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));
const problems = [];

for (const page of ['AGENTS.md', 'llms.txt']) {
  const text = read(page);
  for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) {
    if (!(name in scripts)) problems.push(`${page}: there is no "npm run ${name}"`);
  }
  const links = [...text.matchAll(/\]\(([^):#]+)/g)].map(([, link]) => link);
  const named = [...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)]
    .map(([, path]) => path)
    .filter((path) => !['slipring/source.h', 'slipring/jetstream', 'slipring/view'].includes(path));
  for (const path of [...links, ...named]) {
    if (!existsSync(join(root, path))) problems.push(`${page}: there is no ${path}`);
  }
}

const llms = read('llms.txt');
const entries = read('lib/index.ts') + read('lib/jetstream/index.ts');
const exported = [...entries.matchAll(/\b(create\w+)/g)].map(([, name]) => name);
for (const name of new Set(exported)) if (!llms.includes(`\`${name}(`)) problems.push(`llms.txt: ${name}() is missing`);
for (const [, name] of llms.matchAll(/`(create\w+)\(/g)) {
  if (!exported.includes(name)) problems.push(`llms.txt: there is no ${name}()`);
}
const [, options] = /^export interface StreamOptions \{(.*?)^\}/ms.exec(read('lib/options.ts'));
for (const [, name] of options.matchAll(/^ {2}(\w+)\?:/gm)) {
  if (!llms.includes(`\`${name}`)) problems.push(`llms.txt: the option ${name} is missing`);
}

for (const problem of problems) console.error(problem);
console.log(`pages: ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;

// Plants the faults of test/native/mutants/ into a copy of addon/, one at a time, and demands that the native tests
// catch each: by a failed test, a sanitizer's report or a hang.
//
//   node scripts/mutants.mjs              some: see choose-mutants.mjs; --seed TEXT: others
//   node scripts/mutants.mjs --all
//   node scripts/mutants.mjs NAME         those with this in their names
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { mutants as all } from '../test/native/mutants/index.mjs';
import { choose } from './choose-mutants.mjs';
import { root } from './files.mjs';
import { build, configure, optimized, runTests } from './native-build.mjs';

// No test case that passes takes half as long, and one that hangs has been caught.
const TIMEOUT_SECONDS = 20;

// Some faults show only when two threads meet at the wrong moment. A mutant whose tests pass this often has survived.
const ROUNDS = 10;

const scratch = join(root, 'build', 'mutants');
const tree = join(scratch, 'tree');
const folderOf = (variant) => join(scratch, variant);
const unique = (values) => [...new Set(values)];
const escaped = (name) => name.replace(/[^\w ]/g, '\\$&');

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const [asked] = positionals;
const known = all.map(({ caughtBy: [variant, test], ...mutant }) => ({ variant, test, ...mutant }));
const { chosen: mutants, words } =
  values.all || asked !== undefined
    ? { chosen: known.filter(({ name }) => name.includes(asked ?? '')), words: [] }
    : choose(known, values.seed);
if (mutants.length === 0) throw new Error(`No mutant's name contains "${asked}".`);

function copyTree() {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  for (const path of ['CMakeLists.txt', 'addon', 'test/native']) {
    cpSync(join(root, path), join(tree, path), { recursive: true });
  }
}

/** The text of the mutant's file, which is as it should be, and the mutated one. */
function mutate({ file, from, to }) {
  const original = readFileSync(join(tree, file), 'utf8');
  return { original, mutated: original.replace(from, () => to) };
}

const testsOf = (variant) => unique(mutants.filter((mutant) => mutant.variant === variant).map(({ test }) => test));

function run(variant, tests, ...flags) {
  build(folderOf(variant), variant, ...unique(tests.map((test) => test.split(':')[0])));
  return runTests(folderOf(variant), variant, '-R', `^(${tests.map(escaped).join('|')})`, ...flags);
}

/** Without a mutant everything that should catch one is there and passes: else what follows would show nothing. */
function prove(variant) {
  // Each mutant is of one file, which is compiled alone.
  const flags = [
    '-DCMAKE_UNITY_BUILD=OFF',
    '-DSLIPRING_WERROR=OFF',
    `-DSLIPRING_TEST_TIMEOUT=${TIMEOUT_SECONDS}`,
    ...optimized(1),
  ];
  configure(tree, folderOf(variant), variant, ...flags);
  const { passed, failed } = run(variant, testsOf(variant));
  for (const { name, output } of failed) console.error(`${name}\n${output}`);
  if (failed.length > 0) throw new Error(`Without any mutant ${failed.length} tests fail (${variant}).`);
  const missing = testsOf(variant).filter((test) => !passed.some((name) => name.startsWith(test)));
  if (missing.length > 0) throw new Error(`No such test (${variant}): ${missing.join(', ')}`);
  console.log(`unmutated, ${variant}: ${passed.length} passed`);
}

/** How the mutant was caught, or null. */
function tryMutant(mutant) {
  const { original, mutated } = mutate(mutant);
  const path = join(tree, mutant.file);
  writeFileSync(path, mutated);
  try {
    const { failed } = run(mutant.variant, [mutant.test], '--stop-on-failure', '--repeat', `until-fail:${ROUNDS}`);
    return failed[0] ? `${failed[0].name} (${failed[0].cause})` : null;
  } finally {
    writeFileSync(path, original);
  }
}

for (const line of words) console.log(line);
copyTree();
unique(mutants.map(({ variant }) => variant)).forEach(prove);

const counts = { passed: 0, failed: 0 };
for (const mutant of mutants) {
  const begun = performance.now();
  const caught = tryMutant(mutant);
  counts[caught ? 'passed' : 'failed'] += 1;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(5);
  console.log(`${caught ? 'caught  ' : 'SURVIVED'} ${seconds} s  ${mutant.file.split('/').pop()}: ${mutant.name}`);
  console.log(`                    ${caught ?? `${mutant.test} passed: ${mutant.why}`}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (counts.failed > 0) process.exitCode = 1;

// Builds the native tests of addon/core and addon/sources without Node and runs them: as shipped,
// under AddressSanitizer and UndefinedBehaviorSanitizer, and under ThreadSanitizer. No suppressions.
//
//   node scripts/native-tests.mjs [plain] [address] [thread]
//
// CXX chooses the compiler; another one needs other folders: rm -r build/native-*.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, configure, runTests, variants } from './native-build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in variants));
if (unknown) throw new Error(`There is no variant ${unknown}: ${Object.keys(variants).join(', ')}.`);

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

function test(variant) {
  const folder = join(root, 'build', `native-${variant}`);
  const begun = performance.now();
  configure(root, folder, variant, '-DSLIPRING_WERROR=ON');
  build(folder, variant);
  const built = performance.now();
  const { passed, failed } = runTests(folder, variant);
  for (const { name, cause, output } of failed) {
    console.log(`\n${variant}: FAILED (${cause}): ${name}\n${output}\n`);
  }
  console.log(
    `${variant}: ${passed.length} passed, ${failed.length} failed` +
      ` (built in ${((built - begun) / 1000).toFixed(0)} s, ran in ${seconds(built)})`,
  );
  return [passed.length, failed.length];
}

const every = Object.keys(variants);
const chosen = asked.length > 0 ? asked : every;
const leftOut = every.filter((variant) => !chosen.includes(variant));
if (leftOut.length > 0) console.log(`left out: native tests, ${leftOut.join(', ')}`);

const counts = [0, 0];
for (const variant of chosen) {
  try {
    const [passed, failed] = test(variant);
    counts[0] += passed;
    counts[1] += failed;
  } catch (error) {
    console.error(`${variant}: ${error.message}`);
    counts[1] += 1;
  }
}
console.log(`${counts[0]} passed, ${counts[1]} failed`);
if (counts[0] === 0 || counts[1] > 0) process.exitCode = 1;

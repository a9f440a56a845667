// How native code is configured, built and tested apart from the addon that is shipped: what native-tests.mjs,
// mutants.mjs and sanitized-addon.mjs share.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const sanitizerOptions = {
  ASAN_OPTIONS: 'detect_stack_use_after_return=1',
  TSAN_OPTIONS: 'halt_on_error=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

// Plain is what is shipped, with its asserts.
export const variants = {
  plain: { sanitize: '', flags: ['-DCMAKE_BUILD_TYPE=Release'] },
  address: { sanitize: 'address,undefined', flags: optimized(1) },
  thread: { sanitize: 'thread', flags: optimized(1), fixedAddresses: true },
};

export function optimized(level) {
  return ['-DCMAKE_BUILD_TYPE=Debug', `-DCMAKE_CXX_FLAGS_DEBUG=-O${level}`];
}

function run(command, args, cwd) {
  const options = { cwd, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] };
  const result = spawnSync(command, args, {
    ...options,
    env: { ...process.env, ...sanitizerOptions },
  });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  return { ok: result.status === 0, missing: result.error?.code === 'ENOENT', output };
}

const works = (command, ...args) => run(command, args).ok;

// ThreadSanitizer of older compilers gives up where the kernel spreads addresses widely.
const fixAddresses = works('setarch', '-R', 'true') ? ['setarch', '-R'] : [];
const generator = works('ninja', '--version') ? ['-G', 'Ninja'] : [];

function runFor(variant, cwd, ...command) {
  const [first, ...rest] = [...(variants[variant].fixedAddresses ? fixAddresses : []), ...command];
  return run(first, rest, cwd);
}

// What the reader has to do when `output` of a failed configure or build is what it is.
function advice({ missing, output }) {
  if (missing) return 'cmake was not found: apt-get install cmake ninja-build g++';
  if (output.includes('need doctest')) return 'doctest was not found: apt-get install doctest-dev';
  return output;
}

// Throws an error whose message is for the reader.
export function configure(source, build, variant, ...flags) {
  const { sanitize, flags: own } = variants[variant];
  const result = runFor(
    variant,
    source,
    ...['cmake', '-S', source, '-B', build, ...(existsSync(build) ? [] : generator)],
    ...['-DSLIPRING_TESTS=ON', `-DSLIPRING_SANITIZE=${sanitize}`, ...own, ...flags],
  );
  if (!result.ok) throw new Error(advice(result));
}

// Throws what the compiler says.
export function build(folder, variant, ...targets) {
  const which = targets.flatMap((target) => ['--target', target]);
  const result = runFor(variant, folder, ...['cmake', '--build', folder, '--parallel', '2', ...which]);
  if (!result.ok) throw new Error(result.output);
}

// How a test case failed, from what it left behind.
function cause(verdict, output) {
  const sanitizer = /(Thread|Address|Leak)Sanitizer: ([\w -]+)/.exec(output);
  if (/Timeout/.test(verdict)) return 'hangs';
  if (sanitizer) return `${sanitizer[1]}Sanitizer: ${sanitizer[2].split(' on ')[0].trim()}`;
  if (/runtime error:/.test(output)) return 'UndefinedBehaviorSanitizer';
  return /Assertion .* failed/.test(output) ? 'assert' : 'test';
}

// Runs the test cases whose names ("file:behaviour") match. ctest gives each a process of its own.
export function runTests(folder, variant, ...flags) {
  const where = join(folder, 'test', 'native');
  const { ok, output } = runFor(variant, where, 'ctest', '--output-on-failure', ...flags);
  const passed = [];
  const failed = [];
  // Each verdict is followed by the output of its test case, up to the next one's start.
  const verdicts =
    /Test +#\d+: (.+?) \.* *(Passed|[\w ]*\*\*\*.*?) +[\d.]+ sec\n([^]*?)(?=^ +Start +\d+:|^\d+% tests)/gm;
  for (const [, name, verdict, text] of output.matchAll(verdicts)) {
    if (verdict === 'Passed') passed.push(name);
    else failed.push({ name, cause: cause(verdict, text), output: text.trim() });
  }
  // What ctest says and what was understood must agree, and no test at all is no success.
  if (ok !== (failed.length === 0) || passed.length + failed.length === 0)
    throw new Error(output || 'No test was run.');
  return { passed, failed };
}

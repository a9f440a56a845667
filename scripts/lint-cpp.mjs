// Runs clang-tidy over addon/, with the checks of .clang-tidy. Any finding is an error.
//
//   node scripts/lint-cpp.mjs [FILE...]
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

import { filesIn, root } from './files.mjs';

const BUILD = 'build/tidy';

/** CLANG_TIDY names another one, if it must be. */
function findClangTidy() {
  const names = process.env.CLANG_TIDY ? [process.env.CLANG_TIDY] : ['clang-tidy-19', 'clang-tidy'];
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found) return found;
  console.error(
    `lint-cpp: ${names.join(' and ')} not found. Debian: apt install clang-tidy. macOS: brew install llvm.`,
  );
  process.exit(1);
}

/** Only configures: compile_commands.json, which tells clang-tidy the flags of each file by itself, needs no build. */
function configure() {
  const { error, status, stdout, stderr } = spawnSync('cmake', ['-S', '.', '-B', BUILD, '-DCMAKE_UNITY_BUILD=OFF'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(error ? 'lint-cpp: cmake not found. Debian: apt install cmake.' : stdout + stderr);
  process.exit(1);
}

/** Says what clang-tidy found in `file`, and whether that was nothing. */
function tidy(command, file) {
  return new Promise((done, fail) => {
    const child = spawn(command, ['--quiet', '-p', BUILD, file], { cwd: root });
    let findings = '';
    let noise = ''; // counts of suppressed warnings, and the reason when it could not run
    child.stdout.on('data', (text) => (findings += text));
    child.stderr.on('data', (text) => (noise += text));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code !== 0) console.error(`${file}\n${findings || noise}`);
      done(code === 0);
    });
  });
}

const command = findClangTidy();
configure();
// The other operating systems' files are not in compile_commands.json.
const foreign =
  { win32: /\/(posix|linux)\//, linux: /\/win\/|folder_watch_timed/ }[process.platform] ?? /\/(win|linux)\//;
const given = process.argv.slice(2);
const files = given.length > 0 ? given : filesIn('addon', /\.cc$/).filter((file) => !foreign.test(file));
const queue = [...files];
let failed = 0;

async function work() {
  for (let file = queue.shift(); file; file = queue.shift()) {
    if (!(await tidy(command, file))) failed++;
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${command}: ${files.length} files, findings in ${failed}`);
if (failed > 0) process.exitCode = 1;

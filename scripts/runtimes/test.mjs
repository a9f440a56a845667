// Runs the compiled tests, and 100 MB through the packed package, on every runtime there is, with the prebuilt binaries.
//
//   node scripts/runtimes/test.mjs [NAME...]     some runtimes, by their names or the beginning of these
//   ... --without SUITE                          leaves out a folder of test/
//   ... --write                                  puts the table into SUPPORTED_PLATFORMS.md
//
// A test that fails where differences.json does not say why ends it with exit code 1. Tests that it calls `endless` have
// failed before, each after a minute or more, and are not run again. Needs npm run prebuild:all.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { filesIn, root } from '../files.mjs';
import { fileOf, targets } from '../prebuild/targets.mjs';
import { must } from '../tools.mjs';
import { runtimes } from './runtimes.mjs';

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean' }, without: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});
const isMeant = (name, text) => (text in runtimes ? name === text : name.startsWith(text));
const asked = Object.keys(runtimes).filter(
  (name) => positionals.length === 0 || positionals.some((text) => isMeant(name, text)),
);
const differences = JSON.parse(readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'));
const work = join(root, 'build', 'runtimes');
const result = join(work, 'result.jsonl');

// For one test, and for one file of tests. `patience` multiplies them where everything is slow.
const TEST_MS = 20_000;
const FILE_MS = 60_000;

function runOn({ command, env, patience = 1 }, args, options = {}) {
  const [program, ...flags] = command();
  // On wine only files will do for what is printed.
  return spawnSync(program, [...flags, ...args], {
    cwd: root,
    env: { ...process.env, ...env, SLIPRING_ABUSE_RUNS: '100' },
    stdio: 'ignore',
    timeout: FILE_MS * patience,
    killSignal: 'SIGKILL',
    ...options,
  });
}

/** What run-file.mjs wrote: the tests, the one that was begun and has no outcome, and whether it came to its end. */
function readResult(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  const complete = lines.at(-1) === '"complete"';
  const notes = (complete ? lines.slice(0, -1) : lines).map((line) => JSON.parse(line));
  const tests = notes.filter(({ state }) => state !== 'started');
  const begun = notes.at(-1)?.state === 'started' ? notes.at(-1) : undefined;
  return { complete, tests, begun };
}

/** Every test of the runtime's suites: title, state, and what went wrong. */
function runTests(name) {
  const runtime = runtimes[name];
  return runtime.suites
    .filter((suite) => !values.without.includes(suite))
    .flatMap((suite) => filesIn(`build/test/${suite}`, /\.test\.js$/))
    .flatMap((file) => {
      rmSync(result, { force: true });
      for (;;) {
        const { signal, status } = runFile(runtime, file, endlessOn(name));
        const { complete, tests, begun } = readResult(result);
        const message = `ended by ${signal ?? `code ${status}`}`;
        // The test in which the process hung or died has failed; the others are run without it.
        if (begun) appendFileSync(result, `${JSON.stringify({ title: begun.title, state: 'failed', message })}\n`);
        // Also of what passed: a process that does not end by itself hangs its user.
        else if (!complete || signal) return [...tests, { title: file, state: 'failed', message }];
        else return tests;
      }
    });
}

function runFile(runtime, file, endless) {
  const timeout = String(TEST_MS * (runtime.patience ?? 1));
  // The binary that is shipped, and not the one that was compiled here.
  const env = { ...runtime.env, SLIPRING_BINARY: join(root, fileOf(targets[runtime.target])) };
  return runOn({ ...runtime, env }, ['scripts/runtimes/run-file.mjs', join(root, file), result, timeout, endless]);
}

/** Whether 100 MB arrive through the package as npm installs it. */
function carries(runtime, project) {
  const { status } = runOn(runtime, ['carry.cjs'], { cwd: project });
  return status === 0;
}

function installPackage() {
  rmSync(work, { recursive: true, force: true });
  const project = join(work, 'project');
  mkdirSync(project, { recursive: true });
  must('npm', ['pack', '--silent', '--pack-destination', work], { cwd: root, stdio: 'ignore' });
  writeFileSync(join(project, 'package.json'), '{"name":"project","private":true}');
  const [tarball] = filesIn('build/runtimes', /\.tgz$/);
  must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(root, tarball)], { cwd: project });
  cpSync(join(root, 'test/pack/fixtures/carry.cjs'), join(project, 'carry.cjs'));
  return project;
}

function differencesOf(name) {
  return Object.entries(differences)
    .filter(([start]) => name.startsWith(start))
    .flatMap(([, known]) => known);
}

const reasonFor = (name, title) => differencesOf(name).find(({ tests }) => new RegExp(tests).test(title))?.reason;

/** A regular expression for all of them; '' when there is none. */
function endlessOn(name) {
  const all = differencesOf(name).filter(({ endless }) => endless);
  return all.map(({ tests }) => `(?:${tests})`).join('|');
}

function report(name, tests, carried) {
  const of = (state) => tests.filter((test) => test.state === state);
  const failed = of('failed').map((test) => ({ ...test, reason: reasonFor(name, test.title) }));
  const strange = failed.filter(({ reason }) => reason === undefined);
  const version = runtimes[name].version?.();
  console.log(
    `${name}${version ? `, ${version}` : ''}: ${of('passed').length} passed, ${failed.length} failed, ${of('pending').length} not there`,
  );
  for (const { title, message } of strange) console.log(`  unexplained: ${title}: ${message}`);
  if (!carried) console.log('  100 MB did not arrive');
  if (strange.length > 0 || !carried) process.exitCode = 1;
  return { name, passed: of('passed').length, failed, pending: of('pending').length, carried };
}

function table(reports) {
  const rows = reports.map(({ name, passed, failed, pending, carried }) => {
    return `| ${name} | ${passed} | ${failed.length} | ${pending} | ${carried ? 'yes' : 'NO'} |`;
  });
  const why = reports.flatMap(({ name, failed }) => {
    const reasons = failed.map(({ reason }) => reason ?? 'unexplained');
    const count = (reason) => reasons.filter((other) => other === reason).length;
    return [...new Set(reasons)].map((reason) => `- ${name}, ${count(reason)} tests: ${reason}`);
  });
  return ['| runtime | passed | failed | not there | 100 MB |', '|---|--:|--:|--:|---|', ...rows, '', ...why].join(
    '\n',
  );
}

function writeTable(text) {
  const file = join(root, 'SUPPORTED_PLATFORMS.md');
  const [before, , after] = readFileSync(file, 'utf8').split(/<!-- (?:begin|end) -->/);
  writeFileSync(file, `${before}<!-- begin -->\n\n${text}\n\n<!-- end -->${after}`);
  must('npx', ['prettier', '--write', file], { cwd: root, stdio: 'ignore' });
}

must('npm', ['run', 'build:test', '--silent'], { cwd: root });
const project = installPackage();
// Of runtimes that were not asked for, what came of them the last time.
const past = join(root, '.cache', 'runtimes.json');
const results = existsSync(past) ? JSON.parse(readFileSync(past, 'utf8')) : {};
for (const name of asked) {
  results[name] = report(name, runTests(name), carries(runtimes[name], project));
  writeFileSync(past, JSON.stringify(results));
}
const text = table(Object.keys(runtimes).flatMap((name) => results[name] ?? []));
console.log(`\n${text}`);
if (values.without.length > 0) console.log(`left out: ${values.without.join(', ')} on ${asked.join(', ')}`);
if (values.write) writeTable(text);

// Runs Node's own tests of fs read streams with fs.createReadStream replaced by slipring's.
//
//   node scripts/node-tests.mjs [--with node|slipring] [--only NAME] [--source DIR]
//
// DIR is a checkout or an unpacked source of Node (its test/ folder suffices). Without it, apt
// fetches Node's source once from the running Debian or Ubuntu. No test of Node's is kept here.

import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const preload = join(here, 'node-tests-preload.cjs');
// Test's name: the output that shows how it fails, the reason, and whether it only fails sometimes.
const differences = JSON.parse(fs.readFileSync(join(here, 'node-tests-differences.json'), 'utf8'));
// The slowest of the tests gives up by itself after 90 seconds.
const timeout = 120_000;

const { values: options } = parseArgs({
  options: {
    with: { type: 'string', default: 'slipring' },
    only: { type: 'string', default: '' },
    source: { type: 'string', default: join(here, '..', '.cache', 'node-tests') },
  },
});
if (!['node', 'slipring'].includes(options.with)) throw new Error('--with: node or slipring');

// The distribution's own list of packages, turned into a list of sources. Debian serves all its
// releases from one place; two more are offered, to find the Node nearest to the running one.
function writeAptSources(folder) {
  const names = ['sources.list.d/debian.sources', 'sources.list.d/ubuntu.sources', 'sources.list'];
  const file = names.map((name) => join('/etc/apt', name)).find((name) => fs.existsSync(name));
  if (!file) throw new Error('There is no apt here: give --source DIR, a checkout of Node.');
  const text = fs.readFileSync(file, 'utf8').replace(/^(Types: |)deb(?=\s)/gm, '$1deb-src');
  const more = file.includes('debian') ? text.replace(/^Suites:.*/gm, 'Suites: stable sid') : '';
  const target = join(folder, basename(file));
  fs.writeFileSync(target, `${text}\n\n${more}`);
  return target;
}

function fetchTests(target) {
  const folder = fs.mkdtempSync(join(tmpdir(), 'node-source-'));
  const run = (command, ...args) => spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  fs.mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
  fs.mkdirSync(join(folder, 'archives', 'partial'), { recursive: true });
  // Private folders: the machine's own package lists stay as they are, and root is not needed.
  const settings = [
    `Dir::Etc::sourcelist=${writeAptSources(folder)}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::Cache=${folder}`,
  ].flatMap((setting) => ['-o', setting]);
  run('apt-get', ...settings, 'update');
  const { stdout } = run('apt-cache', ...settings, 'showsrc', 'nodejs');
  // Tests newer than the running Node rely on what it lacks; the nearest older ones run on it.
  const running = parseInt(process.versions.node, 10);
  const distance = (version) => (running - parseInt(version, 10) + 100) % 100;
  const versions = [...stdout.matchAll(/^Version: (\S+)$/gm)].map((match) => match[1]);
  for (const version of versions.sort((a, b) => distance(a) - distance(b))) {
    // A mirror may lack the newest packaging files. Only Node's own archive matters.
    run('apt-get', ...settings, 'source', '--download-only', `nodejs=${version}`);
    const archive = fs.readdirSync(folder).find((name) => /^nodejs_.*\.orig\.tar\.\w+$/.test(name));
    if (!archive) continue;
    fs.mkdirSync(target, { recursive: true });
    const parts = ['fixtures', 'parallel', 'sequential', 'common'].map((part) => `*/test/${part}`);
    const how = ['--strip-components=1', '--wildcards', '--no-wildcards-match-slash', ...parts];
    const { status, stderr } = run('tar', '-xf', archive, '-C', target, ...how);
    if (status !== 0) throw new Error(stderr);
    // A folder that ignores itself is never committed by mistake.
    fs.writeFileSync(join(target, '.gitignore'), '*\n');
    fs.rmSync(folder, { recursive: true });
    console.log(`Fetched the tests of Node ${version}.`);
    return;
  }
  throw new Error('apt knows no source of nodejs: give --source DIR, a checkout of Node.');
}

// Reading the tests for the call, instead of keeping their names, finds those of every version.
function findTests() {
  const folders = ['parallel', 'sequential'].map((part) => resolve(options.source, 'test', part));
  const files = folders.flatMap((dir) => fs.readdirSync(dir).map((name) => join(dir, name)));
  return files.filter(
    (file) =>
      /^test-.*\.m?js$/.test(basename(file)) &&
      basename(file).includes(options.only) &&
      /\bcreateReadStream\b|\bfs\.ReadStream\b/.test(fs.readFileSync(file, 'utf8')),
  );
}

function runTest(file, implementation) {
  const flags = /\/\/\s+Flags:(.*)/.exec(fs.readFileSync(file, 'utf8'))?.[1].trim().split(/\s+/);
  const folder = fs.mkdtempSync(join(tmpdir(), 'node-test-'));
  const env = {
    ...process.env,
    CALLED_MARKER: join(folder, 'called'),
    WITH: implementation,
    NODE_TEST_DIR: folder,
    // The list of globals belongs to the tests' version of Node, which may not be the running one.
    NODE_TEST_KNOWN_GLOBALS: '0',
  };
  const child = spawn(process.execPath, [...(flags ?? []), '--require', preload, file], {
    cwd: dirname(file),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (text) => (output += text));
  return new Promise((done) => {
    child.on('close', (code, signal) => {
      const called = fs.existsSync(env.CALLED_MARKER);
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      done({ ok: code === 0, called, signal, output: `${output}\n${signal ?? ''}`.slice(-3000) });
    });
  });
}

async function judge(file) {
  const name = basename(file);
  const node = await runTest(file, 'node');
  if (!node.ok) return ['not applicable', name, "fails with Node's own fs.createReadStream here"];
  if (!node.called) return ['not applicable', name, 'creates no read stream here'];
  if (options.with === 'node') return ['passed', name];
  const result = await runTest(file, 'slipring');
  const { output, reason, sometimes } = differences[name] ?? {};
  if (result.ok) return reason && !sometimes ? ['PASSES THOUGH LISTED', name, reason] : ['passed', name];
  // A crash, a hang or another failure than the listed one is never a documented difference.
  return reason && !result.signal && result.output.includes(output)
    ? ['differs', name, reason]
    : ['FAILED', name, result.output];
}

if (!fs.existsSync(join(options.source, 'test', 'common'))) fetchTests(options.source);
const queue = findTests();
const counts = {};

async function work() {
  for (let file = queue.shift(); file; file = queue.shift()) {
    const [verdict, name, note = ''] = await judge(file);
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    console.log(`${verdict}: ${name}${note && `\n    ${note.trim().replaceAll('\n', '\n    ')}`}`);
  }
}

await Promise.all([work(), work()]);
const { passed = 0, differs = 0, 'not applicable': skipped = 0 } = counts;
console.log(`${passed} passed, ${differs} differ as documented, ${skipped} not applicable`);
if (passed + differs === 0 || counts.FAILED || counts['PASSES THOUGH LISTED']) process.exitCode = 1;

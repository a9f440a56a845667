// The package as npm would publish it, and empty projects to install it into.
import { strict as assert } from 'node:assert';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../../..');

const run = promisify(execFile);
const temporary = mkdtempSync(join(tmpdir(), 'slipring-pack-test-'));
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));

/** Packs the package; what npm says of the tarball, and where it is. */
export function pack() {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', temporary], { cwd: root });
  const said = JSON.parse(output.toString());
  const [tarball] = Array.isArray(said) ? said : Object.values(said);
  return { ...tarball, path: join(temporary, tarball.filename) };
}

/** Packs the package in a folder as it is, without its scripts; where the tarball is. */
export function packFolder(folder) {
  const args = ['pack', folder, '--ignore-scripts', '--silent', '--pack-destination', temporary];
  return join(temporary, execFileSync('npm', args).toString().trim());
}

/** The tarball once more, without one of its folders. */
export function without(folder, tarball) {
  const stage = mkdtempSync(join(temporary, 'stage-'));
  execFileSync('tar', ['-xzf', tarball, '-C', stage]);
  rmSync(join(stage, 'package', folder), { recursive: true });
  const bare = join(stage, 'bare.tgz');
  execFileSync('tar', ['-czf', bare, '-C', stage, 'package']);
  return bare;
}

/** A project's folder, with nothing in it but a package.json and copies of `fixtures`. */
export function project(name, ...fixtures) {
  const folder = join(temporary, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true }));
  for (const fixture of fixtures) cpSync(join(root, 'test/pack/fixtures', fixture), join(folder, fixture));
  return folder;
}

/** The same files are compiled in several projects: with ccache, once. */
export function compilerCache() {
  try {
    execFileSync('ccache', ['--version'], { stdio: 'ignore' });
  } catch {
    return {};
  }
  const CCACHE_DIR = join(root, 'build', 'ccache');
  return { CMAKE_CXX_COMPILER_LAUNCHER: 'ccache', CCACHE_DIR, CCACHE_NOHASHDIR: '1', CCACHE_BASEDIR: temporary };
}

// What package managers and their scripts use of a system, besides Node. Nothing here compiles.
const TOOLS = [
  'node',
  'npm',
  'npx',
  'sh',
  'env',
  'dirname',
  'basename',
  'uname',
  'sed',
  'cat',
  'ls',
  'mkdir',
  'rm',
  'tar',
  'gzip',
];

/** The environment of a machine that has Node, but no compiler, no make and no cmake. */
export function withoutCompilers() {
  const bin = mkdtempSync(join(temporary, 'bin-'));
  for (const tool of TOOLS) {
    const found =
      tool === 'node'
        ? process.execPath
        : execFileSync('sh', ['-c', `command -v ${tool} || true`])
            .toString()
            .trim();
    if (found !== '') symlinkSync(found, join(bin, tool));
  }
  return { ...process.env, npm_config_build_from_source: '', PATH: bin };
}

/** The script of an npm package, such as a package manager, installed into .cache/ where it is not there yet. */
export async function tool(name, version, script) {
  const folder = join(root, '.cache', 'tools', `${name.replace('/', '-')}-${version}`);
  mkdirSync(folder, { recursive: true });
  await run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`]);
  return join(folder, 'node_modules', name, script);
}

/** Runs a program to its end: what it printed, and its exit code. */
export async function ends(command, args, options = {}) {
  try {
    const { stdout, stderr } = await run(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/** Runs it, and fails with what it printed when it fails. */
export async function must(command, args, options) {
  const { code, stdout, stderr } = await ends(command, args, options);
  assert.equal(code, 0, `${stdout}${stderr}`);
  return stdout;
}

/** `node_modules/.bin` of the project's own tools. */
export const withOwnTools = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
};

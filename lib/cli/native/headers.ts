/**
 * The headers that the binary is compiled with: of Node-API, and of node-addon-api. Only who compiles needs them, so they are
 * not among the package's dependencies.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { Failure } from '../failure';

const PACKAGES = ['node-api-headers', 'node-addon-api'];

interface Manifest {
  version: string;
  devDependencies: Record<string, string>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** The folder that a package was installed into, if it is the version that is needed. */
function installed(name: string, version: string, from: string): string | undefined {
  try {
    const folder = path.dirname(createRequire(path.join(from, 'package.json')).resolve(`${name}/package.json`));
    return readManifest(folder).version === version ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Has npm bring it, with the settings of the current folder's project. Nothing of the package is run. */
function fetch(name: string, version: string, into: string): string {
  const folder = path.join(into, name);
  mkdirSync(folder, { recursive: true });
  const run = (command: string, ...args: string[]): boolean =>
    // npm is a script of cmd's on Windows.
    spawnSync(command, args, {
      shell: process.platform === 'win32' && command === 'npm',
      stdio: ['ignore', 'ignore', 'inherit'],
    }).status === 0;
  const archive = path.join(into, `${name}-${version}.tgz`);
  if (
    !run('npm', 'pack', `${name}@${version}`, '--silent', '--pack-destination', into) ||
    !run('tar', '-xzf', archive, '-C', folder, '--strip-components=1')
  ) {
    throw new Failure(
      `The headers ${name}@${version} could not be brought by npm. They are also taken from where they are installed:\n` +
        `  npm install --save-dev ${name}@${version}`,
    );
  }
  return folder;
}

/** The folders to include, both there. `root`: slipring's own, which they are put below when they have to be fetched. */
export function findHeaders(root: string): string[] {
  const { devDependencies } = readManifest(root);
  return PACKAGES.map((name) => {
    const version = devDependencies[name] as string;
    const folder = installed(name, version, root) ?? fetch(name, version, path.join(root, 'build', 'headers'));
    return name === 'node-api-headers' ? path.join(folder, 'include') : folder;
  });
}

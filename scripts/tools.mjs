// Running and installing what the scripts need beside the project's own packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './files.mjs';

export const works = (command, ...args) => spawnSync(command, args).status === 0;

export function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error?.code === 'ENOENT') throw new Error(`${command} was not found.`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}

export function aptInstall(...packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (process.getuid?.() !== 0) throw new Error(`Install ${packages.join(', ')}: this needs root.`);
  must('apt-get', ['update', '-qq'], { env });
  must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

/** The folder of an npm package, for whatever machine it is meant, installed into .cache/ if it is not there yet. */
export function npmPackage(name, version) {
  const place = join(root, '.cache', 'packages', `${name.replace('/', '-')}-${version}`);
  const installed = join(place, 'node_modules', name);
  if (!existsSync(installed)) {
    mkdirSync(place, { recursive: true });
    const flags = ['--force', '--no-save', '--no-audit', '--no-fund'];
    must('npm', ['install', '--prefix', place, ...flags, `${name}@${version}`]);
  }
  return installed;
}

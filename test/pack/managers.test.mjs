// The package from a registry, as every package manager of today installs it; and on a machine that no prebuilt binary fits.
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { environment, managers, writeSettings } from './helpers/managers.mjs';
import {
  compilerCache,
  ends,
  must,
  pack,
  packFolder,
  project,
  root,
  without,
  withoutCompilers,
} from './helpers/package.mjs';
import { openRegistry } from './helpers/registry.mjs';

/** What package managers say of a package that wants to run something. */
const OF_SCRIPTS = /script|allow-?builds|approve|blocked|ignored|rebuild|YN0004|YN0007/i;

describe('a package manager', () => {
  const headers = ['node-addon-api', 'node-api-headers'].map((name) => join(root, 'node_modules', name));
  const registries = {};
  let bareMachine;

  before(async () => {
    bareMachine = withoutCompilers();
    const tarball = pack().path;
    const archives = headers.map(packFolder);
    registries.whole = await openRegistry([tarball, ...archives]);
    registries.bare = await openRegistry([without('prebuilds', tarball), ...archives]);
  });

  after(() => Object.values(registries).forEach((registry) => registry.close()));

  /** A project, to which slipring was added: its folder, its environment, and what was said. */
  async function add(name, registry, base) {
    const { command, settings } = managers[name];
    const folder = project(`${name}-${registry}`.replaceAll(' ', '-'), 'carry.cjs');
    writeSettings(folder, settings(registries[registry].url));
    const home = join(folder, 'home');
    mkdirSync(home);
    const env = await environment(home, base);
    const [program, ...args] = await command();
    const { code, stdout, stderr } = await ends(program, args, { cwd: folder, env });
    assert.equal(code, 0, `${stdout}${stderr}`);
    return { folder, env, said: `${stdout}${stderr}` };
  }

  async function carries(name, { folder, env }) {
    const script = [...(managers[name].flags ?? []), 'carry.cjs', folder, '1000000'];
    const { expected, copied, sent } = JSON.parse(await must('node', script, { cwd: folder, env }));
    assert.deepEqual([copied, sent], [expected, expected]);
  }

  for (const name of Object.keys(managers)) {
    it(`as ${name} installs it without a compiler, says nothing of scripts, and it carries a file`, async () => {
      const added = await add(name, 'whole', bareMachine);
      assert.doesNotMatch(added.said, OF_SCRIPTS);
      for (const file of ['yarn.lock', 'package-lock.json', 'pnpm-lock.yaml', 'bun.lock']) {
        const lock = join(added.folder, file);
        if (existsSync(lock)) assert.doesNotMatch(readFileSync(lock, 'utf8'), /node-gyp|node-addon-api/);
      }
      await carries(name, added);
    });

    it(`as ${name} installs it where no binary fits, and npx slipring build makes one, which carries a file`, async () => {
      const added = await add(name, 'bare', process.env);
      const script = "try { require('slipring') } catch ({ code, message }) { console.log(code, message) }";
      const node = [...(managers[name].flags ?? []), '-e', script];
      const said = await must('node', node, { cwd: added.folder, env: added.env });
      assert.match(said, /^ERR_SLIPRING_NATIVE_MISSING .*npx slipring build/);
      // npx asks the same registry, for the headers and, with PnP, for itself.
      const env = { ...added.env, npm_config_registry: registries.bare.url, ...compilerCache() };
      await must('npx', ['--yes', 'slipring', 'build'], { cwd: added.folder, env });
      await carries(name, added);
    });
  }
});

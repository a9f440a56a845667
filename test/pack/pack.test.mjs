// The package as users get it: packed, installed where there is no compiler, loaded in every way, and used.
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compilerCache, ends, must, pack, project, withoutCompilers } from './helpers/package.mjs';

const LARGEST = 3 * 1024 * 1024;
const quiet = ['--no-audit', '--no-fund'];

async function carries(folder, env) {
  const { bytes, expected, copied, sent } = JSON.parse(await must('node', ['carry.cjs'], { cwd: folder, env }));
  assert.equal(bytes, 100_000_000);
  assert.deepEqual([copied, sent], [expected, expected]);
}

describe('the packed package', () => {
  let tarball;
  let env;

  before(() => {
    tarball = pack();
    env = withoutCompilers();
  });

  it(`has less than ${LARGEST / 1024} KiB, and only what it needs to run and to be compiled`, () => {
    console.log(`      ${tarball.filename}: ${Math.round(tarball.size / 1024)} KiB, ${tarball.files.length} files`);
    assert.ok(tarball.size < LARGEST);
    const folders = new Set(tarball.files.map(({ path }) => path.split('/')[0]));
    const allowed = [
      'dist',
      'addon',
      'cmake',
      'man',
      'prebuilds',
      'templates',
      'CMakeLists.txt',
      'llms.txt',
      'LICENSE',
      'README.md',
      'package.json',
    ];
    assert.deepEqual(
      [...folders].filter((folder) => !allowed.includes(folder)),
      [],
    );
    assert.ok(tarball.files.some(({ path }) => path.startsWith(`prebuilds/${process.platform}-${process.arch}/`)));
  });

  it('is installed by npm without scripts and without a compiler, and carries 100 MB', async () => {
    const folder = project('npm', 'carry.cjs');
    const begun = performance.now();
    await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: folder, env });
    console.log(`      installed in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    await carries(folder, env);
  });

  it('is loaded by require() and by import, with named exports', async () => {
    const folder = project('loaded');
    await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: folder, env });
    const names =
      'createDeviceStream,createPatternStream,createPluginStream,createReadStream,createStreamFromExternal,createUdpStream';
    const list = "Object.keys(m).filter((name) => name.startsWith('create')).sort().join()";
    const required = await must('node', ['-p', `const m = require('slipring'); ${list}`], { cwd: folder, env });
    assert.equal(required.trim(), names);
    const script = `import * as m from 'slipring'; import { createReadStream } from 'slipring'; console.log(${list}, typeof createReadStream)`;
    const imported = await must('node', ['--input-type=module', '-e', script], { cwd: folder, env });
    assert.equal(imported.trim(), `${names} function`);
  });

  it("has 'slipring/jetstream', which says what it needs, and works with that", async () => {
    const folder = project('jetstream');
    await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: folder, env });
    const alone = await ends('node', ['-e', "require('slipring/jetstream')"], { cwd: folder, env });
    assert.match(alone.stderr, /Cannot find module '@nats-io\//);
    const client = ['@nats-io/transport-node@3.4', '@nats-io/jetstream@3.4'];
    await must('npm', ['install', '--ignore-scripts', ...quiet, ...client], { cwd: folder, env });
    const list = 'Object.keys(m).sort().join()';
    const required = await must('node', ['-p', `const m = require('slipring/jetstream'); ${list}`], {
      cwd: folder,
      env,
    });
    assert.equal(required.trim(), 'createJetStreamStream,publish');
    const script = `import { publish } from 'slipring/jetstream'; console.log(typeof publish)`;
    assert.equal((await must('node', ['--input-type=module', '-e', script], { cwd: folder, env })).trim(), 'function');
  });

  it("has 'slipring/view', whose page is one text, with the licence of the charts in it", async () => {
    const folder = project('view');
    await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: folder, env });
    const script = `import { serveView } from 'slipring/view';
      const view = await serveView();
      console.log(await (await fetch(view.url)).text());
      await view.close();`;
    const page = await must('node', ['--input-type=module', '-e', script], { cwd: folder, env });
    assert.match(page, /^<!doctype html>/);
    assert.match(page, /Copyright \(c\) \d+ Leon Sorokin[^]*THE SOFTWARE IS PROVIDED "AS IS"/);
    assert.doesNotMatch(page, /\b(?:src|href)="(?!data:)/);
  });

  for (const [language, ...options] of [['C'], ['C++', '--lang', 'c++']]) {
    it(`has a command that writes a project in ${language}, which builds and passes its test with the package`, async () => {
      const folder = project(`init-${options.length}`);
      await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: folder, env });
      await must('npx', ['--no', 'slipring', 'init-source', 'my-source', ...options], { cwd: folder, env });
      const written = join(folder, 'my-source');
      await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: written, env });
      assert.match(await must('npm', ['test'], { cwd: written }), /pass 4\n/);
    });
  }

  it('works twice in one process, as two copies', async () => {
    const folder = project('twice', 'two-copies.cjs');
    await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: folder, env });
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    writeFileSync(join(copy, 'package.json'), '{"name":"copy","private":true}');
    await must('npm', ['install', '--ignore-scripts', ...quiet, tarball.path], { cwd: copy, env });
    assert.equal((await must('node', ['two-copies.cjs'], { cwd: folder, env })).trim(), 'both work');
  });

  it('is compiled by its command where there is no binary, and without a compiler the command says what to install', async () => {
    const folder = project('compiled', 'carry.cjs');
    await must('npm', ['install', ...quiet, tarball.path], { cwd: folder, env });
    rmSync(join(folder, 'node_modules/slipring/prebuilds'), { recursive: true });

    const script = "try { require('slipring') } catch ({ code, message }) { console.log(code, message) }";
    const said = await must('node', ['-e', script], { cwd: folder, env });
    assert.match(said, /^ERR_SLIPRING_NATIVE_MISSING .*npx slipring build/);

    const command = ['--no', 'slipring', 'build'];
    const { code, stderr } = await ends('npx', command, { cwd: folder, env });
    assert.equal(code, 1);
    assert.match(stderr, /CMake/);
    await must('npx', command, { cwd: folder, env: { ...process.env, ...compilerCache() } });
    await carries(folder, env);
  });
});

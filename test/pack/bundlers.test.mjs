// The package in a bundle: each is made in a project, moved to an empty folder, and reads a file there. What docs/bundlers.md says.
import { strict as assert } from 'node:assert';
import { cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { must, pack, project, tool } from './helpers/package.mjs';

const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** Each makes a bundle of app.cjs in the folder `out`. Returns the command that runs it there. */
const bundlers = {
  async esbuild(cwd) {
    const esbuild = await tool('esbuild', '0.28.2', 'bin/esbuild');
    await must(esbuild, ['app.cjs', '--bundle', '--platform=node', '--loader:.node=copy', '--outdir=out'], { cwd });
    return ['node', 'app.js'];
  },
  async 'webpack 5'(cwd) {
    const webpack = await tool('webpack', '5.113.0', 'lib/index.js');
    const loader = await tool('node-loader', '2.1.0', 'dist/cjs.js');
    const config = {
      ...{ context: cwd, entry: './app.cjs', target: 'node', mode: 'production' },
      output: { path: join(cwd, 'out'), filename: 'app.js' },
      module: { rules: [{ test: /\.node$/, loader, options: { name: '[path][name].[ext]' } }] },
    };
    const script = `require(${JSON.stringify(webpack)})(${JSON.stringify(config)}, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
    });`.replace('"test":{}', '"test":/\\.node$/');
    await must('node', ['-e', script], { cwd });
    return ['node', 'app.js'];
  },
  async ncc(cwd) {
    const ncc = await tool('@vercel/ncc', '0.45.0', 'dist/ncc/cli.js');
    await must('node', [ncc, 'build', 'app.cjs', '--out', 'out'], { cwd });
    return ['node', readdirSync(join(cwd, 'out')).find((name) => /^index\.c?js$/.test(name))];
  },
  async 'bun build --compile'(cwd) {
    const bun = await tool('@oven/bun-linux-x64', '1', 'bin/bun');
    await must(bun, ['build', '--compile', 'app.cjs', '--outfile', 'out/app'], { cwd });
    return ['./app'];
  },
  async 'esbuild, with slipring external'(cwd) {
    const esbuild = await tool('esbuild', '0.28.2', 'bin/esbuild');
    await must(esbuild, ['app.cjs', '--bundle', '--platform=node', '--external:slipring', '--outdir=out'], { cwd });
    cpSync(join(cwd, 'node_modules'), join(cwd, 'out/node_modules'), { recursive: true });
    return ['node', 'app.js'];
  },
};

describe('a bundle', () => {
  let tarball;
  before(() => {
    tarball = pack().path;
  });

  for (const [name, bundle] of Object.entries(bundlers)) {
    it(`made by ${name} reads a file wherever it is moved to`, async () => {
      const title = name.replace(/\W+/g, '-');
      const folder = project(`bundled-by-${title}`, 'app.cjs');
      await must('npm', ['install', ...quiet, tarball], { cwd: folder });
      const [program, ...args] = await bundle(folder);
      const moved = project(`moved-${title}`);
      rmSync(join(moved, 'package.json'));
      cpSync(join(folder, 'out'), moved, { recursive: true });
      rmSync(folder, { recursive: true });
      const file = join(moved, 'file');
      writeFileSync(file, Buffer.alloc(300_000, 'x'));
      const command = program === 'node' ? program : join(moved, program);
      assert.equal(Number(await must(command, [...args, file], { cwd: moved })), statSync(file).size);
    });
  }
});

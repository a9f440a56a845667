// Makes dist/view/page.html of view/: one text that has its script, its style and its charts in it, so that a browser asks for
// nothing else.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { build } from 'esbuild';

import { root } from './files.mjs';

const { outputFiles } = await build({
  entryPoints: { script: join(root, 'view/main.ts'), style: join(root, 'view/style.css') },
  outdir: 'out',
  bundle: true,
  minify: true,
  write: false,
  charset: 'utf8',
  format: 'iife',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  legalComments: 'none',
});
const made = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();

// What is shipped with uPlot in it is shipped with its licence.
const uplot = createRequire(import.meta.url).resolve('uplot/package.json');
const licence = readFileSync(join(dirname(uplot), 'LICENSE'), 'utf8').trim();

const parts = {
  licence: `<!--\nIn this page is uPlot:\n\n${licence}\n-->`,
  style: `<style>${made('.css')}</style>`,
  script: `<script>${made('.js')}</script>`,
};
const page = readFileSync(join(root, 'view/page.html'), 'utf8').replace(
  /<!-- (licence|style|script) -->/g,
  (_, name) => parts[name],
);
const folder = join(root, 'dist/view');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'page.html'), page);

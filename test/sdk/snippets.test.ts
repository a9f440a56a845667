/** What docs/sdk.md shows compiles as it says, runs, and prints what it says. */
import { strict as assert } from 'node:assert';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { include } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { describeWhere, itWhere } from '../helpers/where';
import { blocksOf, printedBy, type Block } from './helpers/page';

// What hangs is not left behind.
const LIMIT = { timeout: 40_000, killSignal: 'SIGKILL' } as const;

const root = path.join(__dirname, '..', '..', '..');
const blocks = blocksOf(path.join(root, 'docs', 'sdk.md'));
const commands = blocks.filter(({ language }) => language === 'sh');
const files = blocks.filter(({ file }) => file !== undefined);
const builds = blocks.filter(({ language }) => language === 'cmake');
const scripts = blocks.filter(({ language }) => language === 'js');

const hasGdb = spawnSync('gdb', ['--version']).status === 0;

/** Whether one of `others` says the file's name: whoever runs that one uses the file. */
function isNamedBy(others: Block[], file: string): boolean {
  return others.some(({ code }) => code.split(/[^\w.-]+/).includes(file));
}

/** The page's line for a C or a C++ file, for one that has none of its own. */
function compilation(language: string, file: string): string {
  const start = language === 'c' ? 'cc ' : 'c++ ';
  const line = commands.find(({ code }) => code.startsWith(start))?.code ?? '';
  const [, example = ''] = /(\w+)\.cc?\n$/.exec(line) ?? [];
  return line.replaceAll(`${example}.`, `${path.parse(file).name}.`);
}

describeWhere(onLinux, 'its examples are of Linux')('docs/sdk.md', () => {
  const folder = temporaryFolder();

  before(() => {
    // As npm would have installed it, and what an addon needs.
    mkdirSync(folder.path('node_modules'));
    symlinkSync(root, folder.path('node_modules/slipring'));
    const headers = path.dirname(require.resolve('node-api-headers/package.json'));
    symlinkSync(headers, folder.path('node_modules/node-api-headers'));
    for (const { file, code } of files) writeFileSync(folder.path(file as string), code);
    // The page's compilers, but nothing may even look wrong to them.
    mkdirSync(folder.path('bin'));
    for (const compiler of ['cc', 'c++']) {
      const real = execFileSync('sh', ['-c', `command -v ${compiler}`], { encoding: 'utf8' }).trim();
      const wrapper = `#!/bin/sh\nexec ${real} -Wall -Wextra -Werror "$@"\n`;
      writeFileSync(folder.path(`bin/${compiler}`), wrapper, { mode: 0o755 });
    }
  });

  async function run(program: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, PATH: `${folder.path('bin')}:${process.env.PATH}` };
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: folder.path('.'), env, ...LIMIT });
    return stdout + stderr;
  }

  const shell = (command: string): Promise<string> => run('sh', '-ec', command);

  /** How a block is run, by its language. */
  const ways: Record<string, (code: string, file: string) => void> = {
    c: (_code, file) => compiles('c', file),
    cpp: (_code, file) => compiles('cpp', file),
    js(code, file) {
      it(`${file} prints what it says`, async () => {
        const expected = printedBy(code);
        const lines = (await run(process.execPath, file)).trimEnd().split('\n');
        if (expected.anyOrder) for (const list of [lines, expected.lines]) list.sort();
        assert.deepEqual(lines, expected.lines);
      });
    },
    sh(code) {
      itWhere(hasGdb || !code.includes('gdb'), 'there is no gdb')(`"${code.split(' -')[0]}" works`, async () => {
        const said = await shell(code);
        for (const [, line = ''] of code.matchAll(/^# (.*)$/gm)) assert.ok(said.includes(line), `${line}: ${said}`);
      });
    },
    cmake(_code, file) {
      it(`${file} is used`, () => {
        assert.equal(file, 'CMakeLists.txt');
        assert.ok(commands.some(({ code }) => code.startsWith('cmake ')));
      });
    },
    python(code, file) {
      it(`${file} finds the header`, async () => {
        // What gyp makes of a string like that.
        const { targets } = JSON.parse(code.slice(code.indexOf('{'))) as { targets: { include_dirs: string[] }[] };
        const folders = targets.flatMap((target) => target.include_dirs).map((text) => /^<!\((.*)\)$/.exec(text)?.[1]);
        assert.deepEqual(await Promise.all(folders.map((command) => shell(command as string))), [`${include}\n`]);
      });
    },
  };

  function compiles(language: string, file: string): void {
    if (isNamedBy(commands, file) || isNamedBy(builds, file)) return;
    it(`${file} compiles`, async () => {
      assert.equal(await shell(compilation(language, file)), '');
    });
  }

  for (const { language, code, file = '' } of blocks) {
    const way = ways[language];
    if (way) way(code, file);
    else it(`has a block of ${language}`, () => assert.fail('which nobody runs'));
  }

  it('uses every library that it compiles', () => {
    for (const { file, language } of files) {
      if (language !== 'c' && language !== 'cpp') continue;
      const { name } = path.parse(file as string);
      assert.ok(
        scripts.some(({ code }) => new RegExp(`\\b${name}\\b`).test(code)),
        `${file} is used by nobody`,
      );
    }
  });
});

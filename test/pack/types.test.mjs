// The declarations of the packed package, for whoever writes TypeScript: of every version that is supported, with every way to
// resolve modules, and with nothing said of Node's types, which from TypeScript 6 on nobody takes unless they are named.
import { strict as assert } from 'node:assert';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ends, must, pack, project, root, tool, withOwnTools } from './helpers/package.mjs';

/** The oldest that is promised, the one that slipring is compiled with, and the newest. */
const COMPILERS = ['5.0', '6.0', '7.0'];
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];

describe('the types of the packed package', () => {
  let tarball;
  let folder;

  before(async () => {
    tarball = pack();
    folder = project('typed', 'consumer.ts');
    await must('npm', ['install', ...quiet, tarball.path, '@types/node@20'], { cwd: folder });
    writeFileSync(
      join(folder, 'mistaken.ts'),
      "import { createReadStream } from 'slipring';\n" +
        "for await (const slot of createReadStream('x').slots()) slot.data.nope();\nexport {};\n",
    );
  });

  /** Compiles a file of the consumer's, in strict mode: the exit code, and what the compiler says. */
  async function compile(version, file, compilerOptions, type = 'module') {
    const manifest = { name: 'typed', type, dependencies: { slipring: '*' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const all = { strict: true, target: 'es2022', module: 'node16', outDir: 'out', rootDir: '.', ...compilerOptions };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: all, files: [file] }));
    const compiler = await tool('typescript', version, 'bin/tsc');
    return ends('node', [compiler, '-p', '.'], { cwd: folder });
  }

  for (const version of COMPILERS) {
    it(`are right for TypeScript ${version}, with Node's types named and not, and mistakes are found`, async () => {
      for (const types of [{}, { types: ['node'] }]) {
        const { code, stdout } = await compile(version, 'consumer.ts', types);
        assert.equal(code, 0, stdout);
        const mistaken = await compile(version, 'mistaken.ts', { ...types, skipLibCheck: true });
        assert.match(mistaken.stdout, /mistaken\.ts\(2,\d+\): error TS2339: .*'nope'/);
      }
    });
  }

  for (const [type, module, moduleResolution] of [
    ['commonjs', 'node16', 'node16'],
    ['module', 'node16', 'node16'],
    ['commonjs', 'nodenext', 'nodenext'],
    ['module', 'esnext', 'bundler'],
  ]) {
    it(`are found by ${type} modules with ${moduleResolution}, and what is compiled runs`, async () => {
      const { code, stdout } = await compile('6.0', 'consumer.ts', { module, moduleResolution }, type);
      assert.equal(code, 0, stdout);
      const use = `import('./out/consumer.js').then(async ({ count }) => console.log(await count('package.json')))`;
      assert.ok(Number(await must('node', ['-e', use], { cwd: folder })) > 0);
    });
  }

  it("say that Node's are missing, where they are", async () => {
    const bare = project('typed-bare', 'consumer.ts');
    await must('npm', ['install', ...quiet, tarball.path], { cwd: bare });
    const compiler = await tool('typescript', '7.0', 'bin/tsc');
    const args = [compiler, '--noEmit', '--module', 'node16', 'consumer.ts'];
    const { stdout } = await ends('node', args, { cwd: bare });
    assert.match(stdout, /error TS2688: Cannot find type definition file for 'node'/);
  });

  it('have nothing that publint or @arethetypeswrong/cli finds fault with', async () => {
    await must('publint', ['--strict', tarball.path], { cwd: root, env: withOwnTools });
    const copy = join(project('attw'), 'slipring.tgz');
    copyFileSync(tarball.path, copy);
    await must('attw', [copy, '--no-emoji'], { cwd: root, env: withOwnTools });
  });
});

/** `slipring init-source` writes a project that its user can build, test and run at once; or nothing. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, itWhere, onWindows } from '../helpers/where';
import { assertDone, manifest, root, run, slipring } from './helpers/command';

const languages = [
  { title: 'C', options: [], extension: 'c' },
  { title: 'C++', options: ['--lang', 'c++'], extension: 'cc' },
] as const;

/** Its files, by their paths in it, with slashes. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

describe('slipring init-source', () => {
  const temporary = temporaryFolder();
  let folders = 0;

  /** A new folder to work in. */
  function workFolder(): string {
    const folder = temporary.path(`work-${folders++}`);
    mkdirSync(folder);
    return folder;
  }

  for (const { title, options, extension } of languages) {
    it(`writes a project in ${title}, whose files have its name, and says so`, () => {
      const work = workFolder();
      const done = slipring(work, 'init-source', 'two-words', ...options);
      assertDone(done);
      const expected = ['.gitignore', 'README.md', 'build.mjs', 'example.mjs', 'index.mjs', 'package.json'];
      expected.push(`src/two-words.${extension}`, 'test/two-words.test.mjs');
      assert.deepEqual(filesOf(path.join(work, 'two-words')), expected);
      for (const file of expected) assert.ok(done.stdout.includes(path.join('two-words', file)));
      for (const file of expected) {
        const text = readFileSync(path.join(work, 'two-words', file), 'utf8');
        assert.doesNotMatch(text, /my-source|MySource|THE_/, file);
      }
    });

    it(`writes a project in ${title} that is formatted`, () => {
      const work = workFolder();
      assertDone(slipring(work, 'init-source', 'a-few-more-words', ...options));
      const bin = path.join(root, 'node_modules', '.bin');
      const style = `--style=file:${path.join(root, '.clang-format')}`;
      const source = `a-few-more-words/src/a-few-more-words.${extension}`;
      const clang = run(path.join(bin, 'clang-format'), ['--dry-run', '-Werror', style, source], work);
      assert.equal(clang.code, 0, clang.stderr);
      const config = path.join(root, '.prettierrc.json');
      const prettier = run(path.join(bin, 'prettier'), ['--config', config, '--check', 'a-few-more-words'], work);
      assert.equal(prettier.code, 0, prettier.stderr);
    });
  }

  it('depends on the version that wrote it, or a later one that is compatible', () => {
    const work = workFolder();
    assertDone(slipring(work, 'init-source', 'depends'));
    const written = JSON.parse(readFileSync(path.join(work, 'depends/package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    assert.equal(written.name, 'depends');
    assert.deepEqual(written.dependencies, { slipring: `^${manifest.version}` });
  });

  it('takes --cpp for --lang c++, and --lang cpp', () => {
    const work = workFolder();
    for (const [name, ...options] of [
      ['a', '--cpp'],
      ['b', '--lang', 'cpp'],
      ['c', '--cpp', '--lang=c++'],
    ] as const) {
      assertDone(slipring(work, 'init-source', ...options, name));
      assert.ok(existsSync(path.join(work, name, 'src', `${name}.cc`)));
    }
  });

  it('makes the folders that lead to it', () => {
    const work = workFolder();
    assertDone(slipring(work, 'init-source', 'deep/er/source'));
    assert.ok(existsSync(path.join(work, 'deep/er/source/src/source.c')));
  });

  it('takes a folder that is there when nothing but a repository is in it', () => {
    const work = workFolder();
    mkdirSync(path.join(work, 'mine/.git'), { recursive: true });
    assertDone(slipring(path.join(work, 'mine'), 'init-source', '.'));
    assert.ok(existsSync(path.join(work, 'mine/src/mine.c')));
  });

  it('shows how it is used, with exit code 0 when somebody asked for it', () => {
    const work = workFolder();
    for (const [args, said] of [
      [['init-source', '--help'], /^Usage: slipring init-source <folder>/],
      [['init-source', 'x', '-h'], /^Usage: slipring init-source <folder>/],
      [['--help'], /^Usage: slipring <command>/],
      [['-h'], /^Usage: slipring <command>/],
      [['--version'], new RegExp(`^${manifest.version.replaceAll('.', '\\.')}\n$`)],
    ] as const) {
      const done = slipring(work, ...args);
      assertDone(done);
      assert.match(done.stdout, said);
    }
    assert.deepEqual(readdirSync(work), []);
  });

  for (const [what, ...args] of [
    ['no command'],
    ['an unknown command', 'create', 'x'],
    ['no folder', 'init-source'],
    ['two folders', 'init-source', 'x', 'y'],
    ['an unknown option', 'init-source', 'x', '--rust'],
    ['an unknown language', 'init-source', 'x', '--lang', 'rust'],
    ['a language that is a property of every object', 'init-source', 'x', '--lang', 'constructor'],
    ['no language where one is to be', 'init-source', 'x', '--lang'],
    ['two languages', 'init-source', 'x', '--cpp', '--lang', 'c'],
    ['a name with a capital', 'init-source', 'Source'],
    ['a name with a space', 'init-source', 'my source'],
    ['a name that begins with a digit', 'init-source', '3d'],
    ['a name with a hyphen at its end', 'init-source', 'source-'],
    ['a name with two hyphens in a row', 'init-source', 'my--source'],
    ['a name with a dot', 'init-source', 'my.source'],
    ['a name of 215 characters', 'init-source', 'x'.repeat(215)],
    ['an empty name', 'init-source', path.parse(root).root],
    ["the name of one of Node's modules", 'init-source', 'net'],
    ['the name of slipring itself', 'init-source', 'slipring'],
    ['the name node_modules', 'init-source', 'node_modules'],
  ] as const) {
    it(`refuses ${what} with exit code 2, and writes nothing`, () => {
      const work = workFolder();
      const { code, stdout, stderr } = slipring(work, ...args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^slipring: .*\n(See: slipring( init-source)? --help\n)?$/);
      assert.deepEqual(readdirSync(work), []);
    });
  }

  it('says which name would do instead, if it knows one', () => {
    const work = workFolder();
    for (const [name, better] of [
      ['My Source', '"my-source"'],
      ['mySource', '"my-source"'],
      ['2.Größe!', '"gro-e"'],
    ] as const) {
      assert.ok(slipring(work, 'init-source', name).stderr.endsWith(`${better}?\n`), name);
    }
    assert.doesNotMatch(slipring(work, 'init-source', 'net').stderr, /\?/);
  });

  it('refuses a folder that is not empty with exit code 1, and leaves it as it is', () => {
    const work = workFolder();
    mkdirSync(path.join(work, 'full'));
    writeFileSync(path.join(work, 'full', 'index.mjs'), 'mine');
    const { code, stderr } = slipring(work, 'init-source', 'full');
    assert.equal(code, 1);
    assert.match(stderr, /^slipring: .*full is not empty/);
    assert.deepEqual(filesOf(work), ['full/index.mjs']);
    assert.equal(readFileSync(path.join(work, 'full', 'index.mjs'), 'utf8'), 'mine');
  });

  it('refuses a file, and a folder in a file, with exit code 1', () => {
    const work = workFolder();
    writeFileSync(path.join(work, 'file'), 'mine');
    for (const folder of ['file', 'file/x']) assert.equal(slipring(work, 'init-source', folder).code, 1);
    assert.deepEqual(filesOf(work), ['file']);
  });

  // A path may be so long that the folder and some of its files can be made, but not all of them.
  const itWithLongPaths = itWhere(['linux', 'darwin'].includes(process.platform), 'no known limit of paths');
  for (const exists of [false, true]) {
    const which = exists ? 'in a folder that was there' : 'nor a folder';
    itWithLongPaths(`leaves no file when one cannot be written, ${which}`, () => {
      const top = workFolder();
      const longest = process.platform === 'linux' ? 4095 : 1023;
      const length = longest + 1 - '/in/long/test/long.test.mjs'.length;
      let parent = top;
      while (parent.length < length) parent += `/${'x'.repeat(Math.min(200, Math.max(1, length - parent.length - 1)))}`;
      const folder = `${parent}/in/long`;
      mkdirSync(exists ? folder : parent, { recursive: true });
      const { code, stderr } = slipring(top, 'init-source', folder);
      assert.equal(code, 1);
      assert.match(stderr, /ENAMETOOLONG/);
      assert.deepEqual(readdirSync(exists ? folder : parent), []);
    });
  }
});

describeWhere(!onWindows, 'Windows has no cc')('a project of slipring init-source', () => {
  const temporary = temporaryFolder();

  for (const { title, options } of languages) {
    it(`in ${title} is built without a warning, passes its test, and runs`, () => {
      const project = temporary.path(`in-${title.length}`);
      assertDone(slipring(path.dirname(project), 'init-source', project, ...options));
      // What npm install would do.
      mkdirSync(path.join(project, 'node_modules'));
      symlinkSync(root, path.join(project, 'node_modules', 'slipring'));

      const env = { CFLAGS: '-Werror', CXXFLAGS: '-Werror' };
      const tested = run('npm', ['test'], project, env);
      assert.equal(tested.code, 0, tested.stdout + tested.stderr);
      assert.equal(tested.stderr, '');
      assert.match(tested.stdout, /pass 4\n/);
      const started = run('npm', ['start', '--silent'], project, env);
      assert.equal(started.code, 0, started.stderr);
      assert.equal(started.stdout, 'tick 1\ntick 2\ntick 3\ntick 4\ntick 5\n');
    });

    it(`in ${title} says what to install where there is no compiler`, () => {
      const project = temporary.path(`without-${title.length}`);
      assertDone(slipring(path.dirname(project), 'init-source', project, ...options));
      mkdirSync(path.join(project, 'node_modules'));
      symlinkSync(root, path.join(project, 'node_modules', 'slipring'));
      const { code, stderr } = run(process.execPath, ['build.mjs'], project, { PATH: '', CC: '', CXX: '' });
      assert.equal(code, 1);
      assert.match(stderr, /was not found[^]*apt install g(cc|\+\+)/);
    });
  }
});

/** `slipring build`, up to what CMake does. Whether that works, everybody sees who installs from a clone, and test/pack. */
import { strict as assert } from 'node:assert';
import { cpSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { manifest, root, run, slipring, type Ended } from './helpers/command';

describe('slipring build', () => {
  const temporary = temporaryFolder();

  /** A slipring whose command says where and for what it was called. */
  function copyThatTells(folder: string, exitCode = 0): void {
    mkdirSync(path.join(folder, 'dist/cli'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"name":"slipring","version":"0.0.0"}');
    const tell = `console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)])); process.exitCode = ${exitCode};`;
    writeFileSync(path.join(folder, 'dist/cli/main.js'), tell);
  }

  function project(name: string): string {
    const folder = temporary.path(name);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name }));
    return folder;
  }

  it('shows its help', () => {
    const { code, stdout } = slipring(root, 'build', '--help');
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: slipring build/);
  });

  it('takes no words and no unknown options', () => {
    for (const word of ['now', '--fast']) {
      const { code, stderr } = slipring(root, 'build', word);
      assert.equal(code, 2);
      assert.ok(stderr.includes(word), stderr);
    }
  });

  it('compiles, with --if-needed, only when a source is newer: a clone was brought up to date', () => {
    const clone = temporary.path('clone');
    const folders = ['dist', 'build/Release', 'addon/platform'];
    for (const name of [...folders, 'package.json', 'CMakeLists.txt']) {
      cpSync(path.join(root, name), path.join(clone, name), { recursive: true, preserveTimestamps: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'), 'junction');
    const build = (): Ended =>
      run(process.execPath, [path.join(clone, manifest.bin.slipring), 'build', '--if-needed'], clone, { PATH: '' });
    const touch = (file: string, seconds: number): void => {
      const time = Date.now() / 1000 + seconds;
      utimesSync(path.join(clone, file), time, time);
    };
    touch('build/Release/slipring.node', 60);
    assert.deepEqual(build(), { code: 0, stdout: '', stderr: '' });
    touch('addon/platform/file.h', 120);
    const { code, stderr } = build();
    assert.equal(code, 1);
    assert.match(stderr, /cmake was not found/); // so it would be compiled
  });

  it('says what to install when there is no CMake', () => {
    const command = [path.join(root, manifest.bin.slipring), 'build'];
    const { code, stderr } = run(process.execPath, command, root, { PATH: temporary.path('nothing') });
    assert.equal(code, 1);
    assert.match(stderr, /^slipring: slipring cannot be compiled: cmake was not found/);
    assert.match(stderr, /C\+\+20/);
  });

  it('builds the slipring that the project in the current folder uses', () => {
    const folder = project('of-npm');
    const copy = path.join(folder, 'node_modules/slipring');
    copyThatTells(copy);
    mkdirSync(path.join(folder, 'src'));
    const { code, stdout } = slipring(path.join(folder, 'src'), 'build', '--if-needed');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), [copy, 'build', '--if-needed']);
  });

  it("builds the one that Yarn's Plug'n'Play knows", () => {
    const folder = project('of-yarn');
    const copy = temporary.path('unplugged');
    copyThatTells(copy);
    const pnp = `exports.resolveToUnqualified = (name) => name === 'slipring' ? ${JSON.stringify(copy)} : null;`;
    writeFileSync(path.join(folder, '.pnp.cjs'), pnp);
    const { stdout } = slipring(folder, 'build');
    assert.deepEqual(JSON.parse(stdout), [copy, 'build']);
  });

  it('fails when the one that it builds fails, or lies in an archive', () => {
    const failing = project('failing');
    copyThatTells(path.join(failing, 'node_modules/slipring'), 1);
    assert.equal(slipring(failing, 'build').code, 1);

    const archived = project('archived');
    const inArchive = "exports.resolveToUnqualified = () => '/cache/slipring.zip/node_modules/slipring';";
    writeFileSync(path.join(archived, '.pnp.cjs'), inArchive);
    const { code, stderr } = slipring(archived, 'build');
    assert.equal(code, 1);
    assert.match(stderr, /unplugged/);
  });
});

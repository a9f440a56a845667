/** The native binary: which one is loaded, and what is said when none can be. Each test is a copy of the package, without binaries. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { itWhere } from '../helpers/where';

const packageRoot = path.dirname(require.resolve('slipring/package.json'));
const OWN_BUILD = 'build/Release/slipring.node';
const prebuilt = (libc: string): string => `prebuilds/${process.platform}-${process.arch}/slipring${libc}.node`;
/** The binary that these tests themselves run with. */
const working = [
  process.env.SLIPRING_BINARY ?? '',
  path.join(packageRoot, OWN_BUILD),
  ...['.glibc', '.musl', ''].map((libc) => path.join(packageRoot, prebuilt(libc))),
].find((file) => fs.existsSync(file)) as string;
const itOnLinux = itWhere(onLinux, 'the binaries that are made up here are of Linux');

interface Outcome {
  code?: string;
  message: string;
  cause?: string;
}

describe('the native binary', () => {
  const folder = temporaryFolder();
  let copies = 0;

  /** A package of its own, with these binaries by their paths in it. */
  function copyWith(binaries: Record<string, Uint8Array | string> = {}, name = 'slipring'): string {
    const root = folder.path(`copy-${copies++}`);
    fs.cpSync(path.join(packageRoot, 'dist'), path.join(root, 'dist'), { recursive: true });
    fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name }));
    for (const [file, content] of Object.entries(binaries)) {
      fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), content);
    }
    return root;
  }

  /** What a process says that loads the package. */
  function load(root: string, { flags = [] as string[], binary = '', program = process.execPath } = {}): Outcome {
    const script = `
      process.execPath = ${JSON.stringify(program)};
      const say = (value) => console.log(JSON.stringify(value));
      try {
        say({ message: Object.keys(require(${JSON.stringify(root)} + '/dist/index.js')).length > 0 ? 'loaded' : 'empty' });
      } catch ({ code, message, cause }) {
        say({ code, message, cause: cause?.code });
      }`;
    const env = { ...process.env, SLIPRING_BINARY: binary };
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', script], { env, encoding: 'utf8' });
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as Outcome;
  }

  function missing(root: string, settings?: Parameters<typeof load>[1]): Outcome {
    const outcome = load(root, settings);
    assert.equal(outcome.code, 'ERR_SLIPRING_NATIVE_MISSING', outcome.message);
    return outcome;
  }

  /** The working one, for another machine: of ELF, its number is at byte 18. */
  function forMachine(number: number): Buffer {
    const bytes = fs.readFileSync(working);
    bytes.writeUInt16LE(number, 18);
    return bytes;
  }

  const replaced = (from: string, to: string): Buffer =>
    Buffer.from(fs.readFileSync(working, 'latin1').replaceAll(from, to), 'latin1');

  it('that was compiled here is loaded first', () => {
    const broken = Object.fromEntries(['.glibc', '.musl', ''].map((libc) => [prebuilt(libc), 'no binary']));
    const root = copyWith({ [OWN_BUILD]: fs.readFileSync(working), ...broken });
    assert.equal(load(root).message, 'loaded');
  });

  it('that SLIPRING_BINARY names is loaded before all others, or none is', () => {
    assert.equal(load(copyWith({ [OWN_BUILD]: 'no binary' }), { binary: working }).message, 'loaded');
    const { message } = missing(copyWith({ [OWN_BUILD]: fs.readFileSync(working) }), { binary: folder.path('none') });
    assert.ok(message.includes('SLIPRING_BINARY') && message.includes(folder.path('none')), message);
  });

  it('is missing: the error names the command that compiles it, and where it was looked for', () => {
    const root = copyWith();
    const { message } = missing(root);
    assert.ok(message.includes('npx slipring build'), message);
    assert.ok(message.includes(path.join(root, OWN_BUILD)), message);
    assert.ok(message.includes(path.join(root, 'prebuilds', `${process.platform}-${process.arch}`)), message);
  });

  it('is not any other that lies in build/Release beside a bundle', () => {
    const root = copyWith({ [OWN_BUILD]: fs.readFileSync(working) }, 'an-app');
    const { message } = missing(root);
    assert.ok(message.includes('bundlers.md'), message);
    const other = copyWith({ 'build/Release/other.node': fs.readFileSync(working) });
    assert.ok(missing(other).message.includes('npx slipring build'));
  });

  itOnLinux('for another processor is named as that', () => {
    const other = process.arch === 'arm64' ? 'x64' : 'arm64';
    const outcome = missing(copyWith({ [OWN_BUILD]: forMachine(other === 'arm64' ? 0xb7 : 0x3e) }));
    assert.match(outcome.message, new RegExp(`is for linux-${other}.* and this is linux-${process.arch}`));
    assert.equal(outcome.cause, 'ERR_DLOPEN_FAILED');
  });

  itOnLinux('for another C library is named as that', () => {
    const [here, there, bytes] = fs.readFileSync(working).includes('\0libc.so.6\0')
      ? ['glibc', 'musl', replaced('\0libc.so.6\0', '\0libc.so\0\0\0')]
      : ['musl', 'glibc', replaced('\0libc.', '\0none.').fill('\0libc.so.6\0', -12)];
    const { message } = missing(copyWith({ [OWN_BUILD]: bytes }));
    assert.match(message, new RegExp(`is for linux-\\w+-${there}, and this is linux-\\w+-${here}`));
  });

  itOnLinux('for the C library of the program that runs is looked for, which the program’s beginning tells', () => {
    for (const [loader, libc] of [
      ['/lib64/ld-linux-x86-64.so.2', 'glibc'],
      ['/lib/ld-musl-aarch64.so.1', 'musl'],
    ] as const) {
      const program = folder.write(libc, `\x7fELF${'\0'.repeat(600)}${loader}\0`);
      assert.match(missing(copyWith(), { program }).message, new RegExp(`for linux-\\w+-${libc} `));
    }
  });

  it('that is damaged, or something else, is named with what the system says of it', () => {
    const { message, cause } = missing(copyWith({ [OWN_BUILD]: 'no binary' }));
    assert.ok(message.includes(OWN_BUILD) && message.includes('npx slipring build'), message);
    assert.equal(cause, 'ERR_DLOPEN_FAILED');
  });

  it('is forbidden by --no-addons: the error says so first', () => {
    const { message, cause } = missing(copyWith({ [OWN_BUILD]: fs.readFileSync(working) }), { flags: ['--no-addons'] });
    assert.match(message, /^Node was started with --no-addons/);
    assert.equal(cause, 'ERR_DLOPEN_DISABLED');
  });
});

/** examples/rust-source lists what find(1) lists, and is a source as any other. */
import { strict as assert } from 'node:assert';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { createPluginStream, include, type PluginStreamOptions } from 'slipring';

import { temporaryFolder, withoutPrivileges } from '../helpers/files';
import { bytesOf, closed } from '../helpers/waiting';
import { promised } from '../helpers/promised';
import { builtExample, root } from './helpers/build';
import { describeExample } from './helpers/needs';

const ENTRY = '{"path":"%P","type":"%y","size":%s,"mtime":%T@}\\n';

/** How find(1) prints what is below the folder. */
function find(folder: string, format: string): Buffer {
  return execFileSync('find', [folder, '-mindepth', '1', '-printf', format], { maxBuffer: 2 ** 28 });
}

/** In an order that does not depend on the way through the tree. */
function sorted(lines: string): string[] {
  return lines.split('\n').sort();
}

/** What the example has to say of a folder whose names need no escaping. */
function expected(folder: string): string[] {
  return sorted(
    find(folder, ENTRY)
      .toString()
      .replace(/\.\d+}$/gm, '}'),
  );
}

/** The bytes of a path of the example's. */
function bytesOfPath(text: string): Buffer {
  const bytes = Array.from(text, (letter) => {
    const point = letter.codePointAt(0) as number;
    return point >= 0xdc80 && point <= 0xdcff ? Buffer.of(point & 0xff) : Buffer.from(letter);
  });
  return Buffer.concat(bytes);
}

const packages = { rustc: 'rustc', cargo: 'cargo' };

describeExample(packages)('examples/rust-source', () => {
  const folder = temporaryFolder();
  const example = builtExample('rust-source');
  const library = (): string => example.path('walk.so');

  const listed = async (config: unknown, options?: PluginStreamOptions): Promise<string> =>
    (await bytesOf(createPluginStream(library(), { ...options, config }))).toString();
  const entriesOf = async (config: string): Promise<{ path: string; type?: string; errno?: number }[]> =>
    (await listed(config))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { path: string });

  function makeTree(name: string): string {
    const top = folder.path(name);
    for (const sub of ['empty', 'a/b/c/d', 'many']) mkdirSync(path.join(top, sub), { recursive: true });
    for (let i = 0; i < 1000; i++) writeFileSync(path.join(top, 'many', `file ${i}`), 'x'.repeat(i));
    writeFileSync(path.join(top, 'a/b/c/d/é ☃ 😀'), '');
    symlinkSync('..', path.join(top, 'a/up'));
    symlinkSync('nowhere', path.join(top, 'a/dangling'));
    execFileSync('mkfifo', [path.join(top, 'fifo')]);
    utimesSync(path.join(top, 'many/file 0'), 0, 0);
    utimesSync(path.join(top, 'many/file 1'), 0, 1e10);
    return top;
  }

  it('says of every kind of entry what find says', async () => {
    const tree = makeTree('kinds');
    const server = net.createServer().listen(path.join(tree, 'socket'));
    await once(server, 'listening');
    assert.deepEqual(sorted(await listed(tree)), expected(tree));
    assert.deepEqual(sorted(await listed(`${tree}/`)), expected(tree));
    assert.deepEqual(sorted(await listed(path.relative(process.cwd(), tree))), expected(tree));
    assert.equal(await listed(path.join(tree, 'empty')), '');
    await promisify(server.close.bind(server))();
    // Beside what comes and goes there.
    assert.equal((await entriesOf('/dev')).find(({ path: name }) => name === 'null')?.type, 'c');
  });

  it('says of many thousands of entries what find says', async () => {
    const modules = path.join(root, 'node_modules');
    assert.deepEqual(sorted(await listed(modules)), expected(modules));
  });

  it('gives whole lines in every chunk, but of lines that are longer than a slot', async () => {
    const tree = makeTree('chunks');
    for await (const chunk of createPluginStream(library(), { config: tree, slotSize: 4096 })) {
      assert.equal((chunk as Buffer).at(-1), 10);
    }
    for (const slotSize of [1, 77, 100]) assert.deepEqual(sorted(await listed(tree, { slotSize })), expected(tree));
  });

  it('tells every name that a file can have, and takes it as a config', async () => {
    const names = [...Array(255).keys()].map((i) => Buffer.of(0x61, i + 1)).filter((name) => name[1] !== 0x2f);
    names.push(Buffer.from('\\u0041 "quoted"'), Buffer.from('☃😀'), Buffer.from('f09f98ffedb2804180', 'hex'));
    const top = Buffer.from(folder.path('names/'));
    for (const name of names) mkdirSync(Buffer.concat([top, name, Buffer.from('/in/')]), { recursive: true });
    const entries = await entriesOf(top.toString());
    const paths = entries.map((entry) => bytesOfPath(entry.path).toString('latin1')).sort();
    assert.deepEqual(paths, find(top.toString(), '%P\\0').toString('latin1').split('\0').slice(0, -1).sort());
    for (const entry of entries.filter(({ path: name }) => !name.includes('/'))) {
      assert.deepEqual(
        (await entriesOf(top.toString() + entry.path)).map(({ path: name }) => name),
        ['in'],
      );
    }
  });

  it('tells of a folder that cannot be listed, and goes on', async () => {
    const tree = makeTree('forbidden');
    chmodSync(path.join(tree, 'a/b'), 0);
    for (const open of [folder.path('.'), example.path('.')]) chmodSync(open, 0o755);
    await withoutPrivileges(async () => {
      const entries = await entriesOf(tree);
      assert.deepEqual(
        entries.filter(({ errno }) => errno !== undefined),
        [{ path: 'a/b', errno: 13 }],
      );
      // Itself, too, but not the two entries in it.
      assert.equal(entries.length, 1008);
    });
    chmodSync(path.join(tree, 'a/b'), 0o755);
  });

  for (const [config, code, syscall] of [
    ['/no/such/folder', 'ENOENT', 'opendir'],
    ['', 'ENOENT', 'opendir'],
    [process.execPath, 'ENOTDIR', 'opendir'],
    ['/\0', 'ERR_SLIPRING_SOURCE', 'opendir'],
    ['/\ud800', 'EINVAL', 'open'],
    ['/\udc7f', 'EINVAL', 'open'],
    [undefined, 'EINVAL', 'open'],
    [null, 'EINVAL', 'open'],
    [5, 'EINVAL', 'open'],
    [{ folder: '/' }, 'EINVAL', 'open'],
    [['/'], 'EINVAL', 'open'],
  ] as const) {
    it(`fails with ${code} when its config is ${JSON.stringify(config)}`, async () => {
      const stream = createPluginStream(library(), { config });
      await closed(stream);
      const error = stream.errored as NodeJS.ErrnoException;
      assert.deepEqual([error.code, error.syscall], [code, syscall]);
    });
  }

  it('is cancelled in the middle of a read', async () => {
    // One slot has room for all there is.
    const stream = createPluginStream(library(), { config: '/', slots: 1, slotSize: 2 ** 28 });
    await once(stream, 'ready');
    const start = performance.now();
    await closed(stream.destroy());
    assert.ok(performance.now() - start < promised(200));
    assert.equal(stream.errored, null);
    assert.equal(stream.stats().bytesProduced, 0);
  });

  it('is cancelled while its consumer is at it', async () => {
    const stream = createPluginStream(library(), { config: '/', slotSize: 1000 });
    await once(stream, 'data');
    await closed(stream.destroy());
    assert.equal(stream.errored, null);
  });

  it('has a main.mjs that prints the list, and ends by itself', async () => {
    const tree = makeTree('main');
    const { stdout, ...rest } = await example.run(tree);
    assert.deepEqual(rest, { code: 0, signal: null, stderr: '' });
    assert.deepEqual(sorted(stdout), expected(tree));
  });

  it('has a main.mjs that says what is wrong', async () => {
    const { code, stdout, stderr } = await example.run('/no/such/folder');
    assert.deepEqual([code, stdout], [1, '']);
    assert.ok(stderr.includes('ENOENT'));
  });

  it('has a main.mjs that ends when its reader has had enough', async () => {
    const command = `set -o pipefail; "${process.execPath}" main.mjs / | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command], { cwd: example.path('.') });
    assert.deepEqual([stdout.split('\n').length, stderr], [2, '']);
  });

  it('is built by cargo, too', async () => {
    const env = { ...process.env, RUSTFLAGS: '-D warnings' };
    execFileSync('cargo', ['build', '--release', '--offline', '--quiet'], { cwd: example.path('.'), env });
    const tree = makeTree('cargo');
    const stream = createPluginStream(example.path('target/release/libwalk.so'), { config: tree });
    assert.deepEqual(sorted((await bytesOf(stream)).toString()), expected(tree));
  });

  it('declares what it needs of source.h as that has it', () => {
    const fixtures = path.join(root, 'test', 'gallery', 'fixtures');
    const [inC, inRust] = [folder.path('layout-c'), folder.path('layout-rs')];
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-I', include, '-o', inC, path.join(fixtures, 'layout.c')]);
    const env = { ...process.env, SLIPRING_RS: example.path('slipring.rs') };
    execFileSync('rustc', ['--edition', '2021', '-D', 'warnings', '-o', inRust, path.join(fixtures, 'layout.rs')], {
      env,
    });
    assert.equal(execFileSync(inRust).toString(), execFileSync(inC).toString());
  });
});

describeExample(packages)('a source in Rust that panics', () => {
  const example = builtExample('rust-source');
  before(() => {
    example.change('lib.rs', (text) => {
      const broken = text.replace(
        /fn step\(&mut self\).*\n/,
        '$&assert!(self.folders.len() < 3, "{} purpose", "on");\n',
      );
      assert.notEqual(broken, text);
      return broken;
    });
  });

  it('fails with the words of the panic, and the process lives on', async () => {
    const { code, signal, stderr } = await example.run('/usr');
    assert.deepEqual([code, signal], [1, null]);
    assert.ok(stderr.includes('rust-source: the source panicked: on purpose'), stderr);
  });
});

/** The example zstd-decode: what it decodes, beside `zstd -d`; and files that are not as they should be. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPluginStream, type PluginStream, type PluginStreamOptions } from 'slipring';

import { temporaryFolder, withoutPrivileges } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { descriptors } from '../helpers/process';
import { bytesOf, closed, parked } from '../helpers/waiting';
import { promised } from '../helpers/promised';
import { builtExample } from './helpers/build';
import { describeExample } from './helpers/needs';

const MB = 1_000_000;

/** Bytes of which some compress well and some not at all. */
function content(length: number): Buffer {
  const block = Buffer.concat([patternBytes(1, 0, 70_000), Buffer.alloc(200_000, 'slipring '), Buffer.alloc(40_000)]);
  return Buffer.alloc(length, block);
}

const packages = { 'libzstd-dev': '/usr/include/zstd.h', 'libjansson-dev': '/usr/include/jansson.h', zstd: 'zstd' };

describeExample(packages)('the example zstd-decode', () => {
  const folder = temporaryFolder();
  const example = builtExample('zstd-decode');
  const plain = Buffer.concat([patternBytes(2, 0, MB), content(4 * MB)]);
  let file = '';

  before(() => {
    file = compress('plain', plain);
  });

  /** What `zstd` makes of some bytes. */
  function compress(name: string, bytes: Buffer, ...how: string[]): string {
    const target = folder.path(`${name}.zst`);
    execFileSync('zstd', ['-q', '-f', ...how, '-o', target, folder.write(name, bytes)]);
    return target;
  }

  function decode(config: unknown, options: PluginStreamOptions = {}): PluginStream {
    return createPluginStream(example.path('zstd-decode.so'), { ...options, config });
  }

  async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of stream) hash.update(chunk);
    return hash.digest('hex');
  }

  /** What arrives before the stream fails, and how it fails. */
  async function untilItFails(name: string): Promise<[Buffer, unknown]> {
    const chunks: Buffer[] = [];
    const stream = decode({ file: name });
    stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
    await closed(stream);
    return [Buffer.concat(chunks), stream.errored];
  }

  /** By the tool itself, as it stands in a file. */
  function decodedByZstd(name: string): string {
    const target = folder.path('decoded');
    execFileSync('zstd', ['-q', '-f', '-d', name, '-o', target]);
    return target;
  }

  it('decodes 100 MB to the bytes that zstd -d gives, of one frame', async () => {
    const large = compress('large', content(100 * MB), '-1');
    const expected = await hashOf(createReadStream(decodedByZstd(large)));
    assert.equal(await hashOf(decode({ file: large })), expected);
  });

  it('decodes 100 MB to the bytes that zstd -d gives, of many frames', async () => {
    const many = folder.path('many.zst');
    writeFileSync(many, '');
    // Of unlike lengths and levels, with an empty frame and one that decoders skip between them.
    for (let i = 0; i < 20; i++) {
      appendFileSync(many, readFileSync(compress('part', content(5 * MB + i * 1009), `-${1 + (i % 5)}`)));
      appendFileSync(many, readFileSync(compress('empty', Buffer.alloc(0))));
      appendFileSync(many, Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]));
    }
    const expected = await hashOf(createReadStream(decodedByZstd(many)));
    assert.equal(await hashOf(decode({ file: many })), expected);
  });

  it('decodes into slots of any size', async () => {
    const small = content(400_000);
    const name = compress('small', small);
    for (const slotSize of [1000, 65_536, 131_072, 400_000, 1 << 20]) {
      assert.ok((await bytesOf(decode({ file: name }, { slotSize }))).equals(small));
    }
  });

  it('gives nothing for nothing', async () => {
    for (const bytes of [readFileSync(compress('empty', Buffer.alloc(0))), Buffer.alloc(0)]) {
      assert.equal((await bytesOf(decode({ file: folder.write('nothing', bytes) }))).length, 0);
    }
  });

  it('fails behind the last bytes that could be decoded when the file is truncated', async () => {
    const whole = readFileSync(file);
    // In the first header; in a block; and where only the checksum is missing.
    for (const [length, least] of [
      [3, 0],
      [whole.length >> 1, 400_000],
      [whole.length - 1, plain.length],
    ] as const) {
      const [bytes, error] = await untilItFails(folder.write('truncated', whole.subarray(0, length)));
      assert.ok(bytes.length >= least);
      assert.ok(plain.subarray(0, bytes.length).equals(bytes));
      assert.equal((error as NodeJS.ErrnoException).code, 'ERR_SLIPRING_SOURCE');
    }
  });

  it("fails with libzstd's words when the file is corrupt", async () => {
    const broken = Buffer.from(readFileSync(file));
    broken.writeUInt8((broken.at(-1) as number) ^ 1, broken.length - 1);
    for (const [bytes, words] of [
      [broken, "Restored data doesn't match checksum"],
      [Buffer.from('not compressed at all'), 'Unknown frame descriptor'],
      [Buffer.concat([readFileSync(file), Buffer.from('garbage')]), 'Unknown frame descriptor'],
    ] as const) {
      const [, error] = await untilItFails(folder.write('corrupt', bytes));
      const { code, syscall, message } = error as NodeJS.ErrnoException;
      assert.deepEqual([code, syscall], ['ERR_SLIPRING_SOURCE', 'ZSTD_decompressStream']);
      // The message is the library's own, and this is what the example has to show.
      assert.ok(message.endsWith(words));
    }
  });

  it('says what is wrong with the file, with an errno', async () => {
    for (const [config, expected] of [
      [{ file: folder.path('missing') }, { code: 'ENOENT', syscall: 'open' }],
      [{ file: `${file}/below` }, { code: 'ENOTDIR', syscall: 'open' }],
      [{ file: folder.fifo() }, { code: 'EINVAL', syscall: 'open' }],
      [{ file: folder.path('.') }, { code: 'EISDIR', syscall: 'read' }],
      [{ file: 1 }, { code: 'EINVAL', syscall: 'config' }],
      [{}, { code: 'EINVAL', syscall: 'config' }],
      [undefined, { code: 'EINVAL', syscall: 'config' }],
    ] as const) {
      await assert.rejects(bytesOf(decode(config)), expected);
    }
  });

  it('may read only what the process may read', async () => {
    execFileSync('chmod', ['755', folder.path('.')]);
    const secret = compress('secret', plain);
    execFileSync('chmod', ['000', secret]);
    await withoutPrivileges(async () => {
      await assert.rejects(bytesOf(decode({ file: secret })), { code: 'EACCES', syscall: 'open' });
    });
  });

  it('is cancelled at once in the middle of a file, and leaves no descriptor', async () => {
    const before = descriptors();
    const stream = decode({ file }, { slots: 2, slotSize: 1000 });
    await parked(stream);
    const began = performance.now();
    await closed(stream.destroy());
    assert.ok(performance.now() - began < promised(100));
    assert.equal(stream.errored, null);
    assert.deepEqual(descriptors(), before);
  });

  it('writes a file, or to standard output, and exits by itself', async () => {
    const output = folder.path('output');
    assert.deepEqual(await example.run(file, output), { code: 0, signal: null, stdout: '', stderr: '' });
    assert.ok(readFileSync(output).equals(plain));
    // Which is bytes, and no text that could be told from what `run` returns.
    const stdout = `"${process.execPath}" main.mjs "${file}" > "${output}"`;
    execFileSync('sh', ['-c', stdout], { cwd: path.dirname(example.path('main.mjs')) });
    assert.ok(readFileSync(output).equals(plain));
    execFileSync('sh', ['-c', stdout.replace('>', '| cat >')], { cwd: path.dirname(example.path('main.mjs')) });
    assert.ok(readFileSync(output).equals(plain));
  });

  it('ends without a word when nobody reads on', async () => {
    const { child, ended } = example.start(file);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('says what is wrong, with exit code 1, and makes no file', async () => {
    const output = folder.path('never');
    const ended = await example.run(folder.path('missing'), output);
    assert.deepEqual({ ...ended, stderr: '' }, { code: 1, signal: null, stdout: '', stderr: '' });
    assert.match(ended.stderr, /^zstd-decode: ENOENT.*\n$/);
    assert.ok(!existsSync(output));
  });
});

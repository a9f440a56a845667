/** What a C++ class behind slipring/source.hpp can count on. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createPluginStream, createStreamFromExternal, type Slot } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, closed } from '../helpers/waiting';
import { compileCpp, cppCompilers, describeWithCompiler, nodeHeaders } from './helpers/library';

describeWithCompiler('a class', () => {
  const folder = temporaryFolder();

  it('is streamed, and its constructor gets the config', async () => {
    const plain = compileCpp(folder, 'plain');
    for (const config of [[1, { two: '☃' }], 'x'.repeat(3000)]) {
      const stream = createPluginStream(plain, { config, slotSize: 1000 });
      assert.equal((await bytesOf(stream)).toString(), JSON.stringify(config));
    }
    assert.equal((await bytesOf(createPluginStream(plain))).length, 0);
  });

  it('that has more than it needs is asked for it, and is destroyed once, after it was cancelled', async () => {
    const config = folder.path('diary');
    const stream = createPluginStream(compileCpp(folder, 'diary'), { config });
    await once(stream, 'ready');
    assert.deepEqual([stream.fd, stream.name], [7, config]);
    const { value: slot } = (await stream.slots().next()) as IteratorYieldResult<Slot>;
    assert.deepEqual([slot.data.toString(), slot.user], ['d', 5n]);
    await closed(stream.destroy());
    assert.equal(stream.errored, null);
    assert.equal(readFileSync(config, 'utf8'), 'constructed\ncancelled\ndestroyed\n');
  });

  it('pushes from a thread of its own, each chunk as it likes, and fails as it likes', async () => {
    const pushing = compileCpp(folder, 'pushing', ['-pthread']);
    const stream = createPluginStream(pushing, { slotSize: 1024 });
    const said: [string, bigint][] = [];
    await assert.rejects(
      async () => {
        for await (const { data, user } of stream.slots()) said.push([data.toString(), user]);
      },
      { code: 'EPIPE', syscall: 'write' },
    );
    assert.deepEqual(said, [
      ['pushed, acquired', 0n],
      ['alone', 7n],
      ['1024', 8n],
    ]);
  });

  it('of another addon finds what lies around its table', async () => {
    const addon = { exports: {} as unknown };
    process.dlopen(addon, compileCpp(folder, 'class-addon', nodeHeaders()));
    const stream = createStreamFromExternal((addon.exports as { source: unknown }).source);
    assert.equal((await bytesOf(stream)).toString(), 'of an addon');
  });

  for (const standard of ['c++17', 'c++20']) {
    for (const compiler of cppCompilers()) {
      it(`is compiled by ${compiler} as ${standard} without a warning`, () => {
        for (const fixture of ['plain', 'diary', 'pushing', 'throwing']) {
          compileCpp(folder, fixture, [`-std=${standard}`, '-fsyntax-only'], compiler);
        }
      });
    }
  }
});

describeWithCompiler('a class that throws', () => {
  const folder = temporaryFolder();
  let throwing = '';
  let throwingInStart = '';

  before(() => {
    throwing = compileCpp(folder, 'throwing');
    throwingInStart = compileCpp(folder, 'throwing', ['-DPUSHES']);
  });

  async function failure(...config: string[]): Promise<NodeJS.ErrnoException> {
    const stream = createPluginStream(config[0] === 'start' ? throwingInStart : throwing, { config });
    await closed(stream.resume());
    return stream.errored as NodeJS.ErrnoException;
  }

  // Undefined is the function that it was thrown in.
  const kinds: [kind: string, code: string, syscall?: string][] = [
    ['Failure', 'EIO', 'ioctl'],
    ['Failure without an errno', 'ERR_SLIPRING_SOURCE', 'ioctl'],
    ['system_error', 'EACCES'],
    ['system_error of another category', 'ERR_SLIPRING_SOURCE'],
    ['bad_alloc', 'ENOMEM'],
    ['runtime_error', 'ERR_SLIPRING_SOURCE'],
    ['42', 'ERR_SLIPRING_SOURCE'],
  ];
  for (const where of ['open', 'read', 'wait', 'start']) {
    for (const [kind, code, syscall = where] of kinds) {
      it(`(${kind}, in ${where}) fails with ${code}`, async () => {
        const error = await failure(where, kind);
        assert.deepEqual([error.code, error.syscall], [code, syscall]);
      });
    }
  }

  it('with more words than there is room for has them cut between two characters', async () => {
    // Characters of one to four bytes, at every place at which the end can fall into them. The words are the class's own.
    for (const character of ['x', 'é', '☃', '🙂']) {
      const bytes = Buffer.byteLength(character);
      for (let dots = 0; dots < bytes; dots++) {
        const { message } = await failure('read', 'text', '.'.repeat(dots) + character);
        assert.equal(message, '.'.repeat(dots) + character.repeat(Math.floor((223 - dots) / bytes)));
      }
    }
  });
});

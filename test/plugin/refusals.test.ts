/** What can be seen to be wrong at once is thrown, before any thread or library has to do with it. */
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPluginStream, include } from 'slipring';

import { valuesBut } from '../helpers/values';
import { closed } from '../helpers/waiting';

describe('createPluginStream()', () => {
  const texts = ['an empty string', 'a number as a string', 'a word'];

  for (const [name, value] of valuesBut(...texts)) {
    it(`throws ERR_INVALID_ARG_TYPE when the library is ${name}`, () => {
      assert.throws(() => createPluginStream(value as never), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    });
  }

  it('throws ERR_INVALID_ARG_VALUE for a path with a null byte', () => {
    for (const library of ['a\0b', new URL('file:///a%00b')]) {
      assert.throws(() => createPluginStream(library), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    }
  });

  it('throws ERR_INVALID_URL_SCHEME for a URL that is of no file', () => {
    assert.throws(() => createPluginStream(new URL('https://localhost/a.so')), { code: 'ERR_INVALID_URL_SCHEME' });
  });

  it('throws ERR_INVALID_ARG_VALUE for a config that JSON cannot express, with what JSON.stringify() threw', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const toJSON = (): never => {
      throw new RangeError('on purpose');
    };
    for (const [config, cause] of [
      [1n, TypeError],
      [{ deep: [1n] }, TypeError],
      [cycle, TypeError],
      [{ toJSON }, RangeError],
    ] as const) {
      assert.throws(
        () => createPluginStream('x', { config }),
        (error: Error & { code: string }) => error.code === 'ERR_INVALID_ARG_VALUE' && error.cause instanceof cause,
      );
    }
  });

  it('throws ERR_INVALID_ARG_VALUE for a config that JSON leaves out', () => {
    for (const config of [() => 1, Symbol('s'), { toJSON: () => undefined }]) {
      assert.throws(() => createPluginStream('x', { config }), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    }
  });

  it('throws for options that no stream has', () => {
    assert.throws(() => createPluginStream('x', { slots: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => createPluginStream('x', { overflow: 'drop' as never }), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => createPluginStream('x', 5 as never), { code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('tells of a library that cannot be loaded in an error event, with its path', async () => {
    for (const library of ['no-such-library.so', pathToFileURL('no-such-library.so'), '']) {
      const stream = createPluginStream(library);
      await closed(stream);
      const { code, path: where } = stream.errored as NodeJS.ErrnoException;
      assert.equal(code, 'ERR_SLIPRING_PLUGIN_LOAD');
      assert.equal(where, library === '' ? process.cwd() : path.resolve('no-such-library.so'));
      assert.equal(stream.library, where);
    }
  });

  it('loads nothing when it is destroyed in the same tick', async () => {
    const stream = createPluginStream('no-such-library.so');
    await closed(stream.destroy());
    assert.equal(stream.errored, null);
  });
});

describe('include', () => {
  it('is the absolute path of the folder with the header', () => {
    assert.equal(typeof include, 'string');
    assert.ok(path.isAbsolute(include));
    assert.ok(existsSync(path.join(include, 'slipring', 'source.h')));
  });
});

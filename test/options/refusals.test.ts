/** What is refused at once where `fs.createReadStream` fails late, or not at all; and the options of pattern streams. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type PatternStreamOptions, type ReadStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { values, valuesBut } from '../helpers/values';
import { closed } from '../helpers/waiting';

function codeOf(create: () => { destroy(): unknown }): string {
  try {
    create().destroy();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no code';
  }
  return 'none';
}

/** The code for a value that should be an integer in a range, and is not. */
function numberCode(value: unknown): string {
  return typeof value === 'number' ? 'ERR_OUT_OF_RANGE' : 'ERR_INVALID_ARG_TYPE';
}

describe('a wrong option is refused at once', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 1000);
  });

  const fileCode = (options: object): string => codeOf(() => createReadStream(file, options as ReadStreamOptions));
  const patternCode = (options: object): string =>
    codeOf(() => createPatternStream(options).on('error', () => undefined));

  it('as flags', () => {
    const allowed = ['undefined', 'null', '0', '-0', '1', '-1'];
    for (const [name, value] of valuesBut(...allowed)) {
      const code = typeof value === 'string' ? 'ERR_INVALID_ARG_VALUE' : numberCode(value);
      assert.equal(fileCode({ flags: value }), code, name);
    }
    for (const flags of ['R', 'rw', 'r ', '+r', 'toString', '__proto__', 'constructor']) {
      assert.equal(fileCode({ flags }), 'ERR_INVALID_ARG_VALUE', flags);
    }
  });

  it('as mode', () => {
    for (const [name, value] of valuesBut('undefined', 'null', '0', '-0', '1', '2^31', 'a number as a string')) {
      const code = typeof value === 'string' ? 'ERR_INVALID_ARG_VALUE' : numberCode(value);
      assert.equal(fileCode({ mode: value }), code, name);
    }
    for (const mode of ['8', '0x1', '-1', '6.6', ' 6']) {
      assert.equal(fileCode({ mode }), 'ERR_INVALID_ARG_VALUE', mode);
    }
    assert.equal(fileCode({ mode: '77777777777777' }), 'ERR_OUT_OF_RANGE');
  });

  it('as fd', () => {
    for (const [name, value] of valuesBut('undefined', 'null', '0', '-0', '1')) {
      assert.equal(fileCode({ fd: value }), numberCode(value), name);
    }
  });

  it('as start and end', () => {
    for (const option of ['start', 'end']) {
      for (const [name, value] of valuesBut('undefined', 'null', '0', '-0', '1', 'Infinity', '2^31', '2^32')) {
        assert.equal(fileCode({ [option]: value }), numberCode(value), name);
      }
    }
    assert.equal(fileCode({ start: 2, end: 1 }), 'ERR_OUT_OF_RANGE');
    assert.equal(fileCode({ start: null }), 'ERR_INVALID_ARG_TYPE');
    assert.equal(fileCode({ start: Infinity }), 'ERR_OUT_OF_RANGE');
  });

  it('as follow and cache', () => {
    for (const option of ['follow', 'cache']) {
      for (const [name, value] of valuesBut('undefined', 'true', 'false')) {
        assert.equal(fileCode({ [option]: value }), 'ERR_INVALID_ARG_TYPE', name);
      }
    }
  });

  it('as path, whatever the options are', () => {
    for (const [name, value] of valuesBut('an empty string', 'a number as a string', 'a word', 'a Buffer')) {
      const code = codeOf(() => createReadStream(value as string).on('error', () => undefined));
      assert.equal(code, 'ERR_INVALID_ARG_TYPE', name);
    }
  });

  it('but an empty path is an error of the system', async () => {
    const stream = createReadStream('');
    await closed(stream);
    assert.equal((stream.errored as NodeJS.ErrnoException).code, 'ENOENT');
  });

  it("as a pattern's seed", () => {
    for (const [name, value] of valuesBut('undefined', '0', '-0', '1', '2^31')) {
      assert.equal(patternCode({ seed: value }), numberCode(value), name);
    }
    assert.equal(patternCode({ seed: 2 ** 32 - 1 }), 'none');
  });

  it("as a pattern's start", () => {
    for (const [name, value] of valuesBut('undefined', '0', '-0', '1', '2^31', '2^32')) {
      assert.equal(patternCode({ start: value }), numberCode(value), name);
    }
  });

  it("as a pattern's length", () => {
    for (const [name, value] of valuesBut('undefined', '0', '-0', '1', '2^31', '2^32', 'Infinity')) {
      assert.equal(patternCode({ length: value }), numberCode(value), name);
    }
  });

  it("as a pattern's rate", () => {
    for (const [name, value] of valuesBut('undefined', '1', '2^31', '2^32', 'Infinity')) {
      assert.equal(patternCode({ rate: value }), numberCode(value), name);
    }
  });

  it("in place of a pattern's options", () => {
    for (const [name, value] of Object.entries(values)) {
      const code = codeOf(() => createPatternStream(value as PatternStreamOptions));
      const expected = typeof value === 'string' ? 'ERR_INVALID_ARG_VALUE' : 'ERR_INVALID_ARG_TYPE';
      const allowed = value === undefined || value === null || typeof value === 'object' || typeof value === 'function';
      assert.equal(code, allowed ? 'none' : expected, name);
    }
  });

  it('without having opened anything', () => {
    const path = folder.path('not-made');
    assert.throws(() => createReadStream(path, { flags: 'w', slots: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => createReadStream(path, { flags: 'w', start: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => createReadStream(path, 'no-encoding' as BufferEncoding), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.equal(
      codeOf(() => createReadStream(path)),
      'none',
    );
  });
});

/** `slipring copy --records`: whole records, or none. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { carry } from './helpers/running';

describe('slipring copy --records', () => {
  const temporary = temporaryFolder();

  it('cuts no record where --max-bytes ends it', async () => {
    temporary.write('lines', 'one\ntwo\r\nthree\n');
    temporary.write('prefixed', '\x03one\x03two\x05three');
    const cases = [
      ['lines', 'lines', 3, ''],
      ['lines', 'lines', 4, 'one\n'],
      ['lines', 'lines', 8, 'one\n'],
      ['lines', 'lines', 14, 'one\ntwo\r\n'],
      ['lines', 'lines', 15, 'one\ntwo\r\nthree\n'],
      ['lines', 'lines', 16, 'one\ntwo\r\nthree\n'],
      ['prefixed', 'prefix:u8', 7, '\x03one'],
      ['prefixed', 'prefix:u8', 13, '\x03one\x03two'],
      ['lines', 'size:5', 14, 'one\ntwo\r\n'.padEnd(10, 't')],
    ] as const;
    const cut = async ([name, format, most, kept]: (typeof cases)[number]): Promise<void> => {
      const options = ['--records', format, '--max-bytes', String(most)];
      const { code, stdout, stderr } = await carry(temporary.path('.'), 'cat', name, ...options);
      assert.equal(stderr, '');
      assert.equal(stdout.toString(), kept, `${format}, ${most}`);
      assert.equal(code, 0);
    };
    await Promise.all(cases.map(cut));
  });

  it('begins no record in the next source when there is no room for the last one', async () => {
    temporary.write('lines', 'one\ntwo\nthree\n');
    const { stdout } = await carry(
      temporary.path('.'),
      'cat',
      'lines',
      'lines',
      '--records',
      'lines',
      '--max-bytes',
      '16',
    );
    assert.equal(stdout.toString(), 'one\ntwo\nthree\n');
  });
});

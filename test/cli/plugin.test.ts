/** `slipring copy plugin:…`: a library as the source of the command. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { compile, describeWithCompiler } from '../plugin/helpers/library';
import { carry } from './helpers/running';

describeWithCompiler('slipring copy of a plugin', () => {
  const temporary = temporaryFolder();

  it('gives it its config as it was typed, and carries what it gives', async () => {
    const library = compile(temporary, 'echo');
    for (const [query, given] of [
      ['', 'nothing'],
      ['?config={"a":"b&c?d=e f"}', '{"a":"b&c?d=e f"}'],
      ['?config=5', '5'],
    ] as const) {
      const { code, stdout, stderr } = await carry(temporary.path('.'), 'copy', `plugin:${library}${query}`);
      assert.equal(stderr, '');
      assert.equal(stdout.toString(), given);
      assert.equal(code, 0);
    }
  });

  it('says in one sentence what is wrong with it', async () => {
    const library = compile(temporary, 'echo');
    const failing = compile(temporary, 'failing');
    for (const [source, expected, said] of [
      [`plugin:${library}?config={`, 2, /config has to be JSON/],
      [`plugin:${library}?speed=1`, 2, /there is no parameter "speed"/],
      [`plugin:${temporary.write('text.so', 'text')}`, 1, /cannot read plugin:.*The library cannot be loaded/],
      [`plugin:${temporary.path('missing.so')}`, 1, /cannot read plugin:.*The library cannot be loaded/],
      [`plugin:${compile(temporary, 'no-symbol')}`, 1, /cannot read plugin:/],
      [`plugin:${failing}?config={"open":5}`, 1, /cannot read plugin:/],
    ] as const) {
      const { code, stdout, stderr } = await carry(temporary.path('.'), 'copy', source, 'null:');
      assert.equal(stdout.length, 0);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /^ +at /m);
      assert.equal(code, expected);
    }
  });
});

/** What a plugin does that no host can survive: it is the plugin's own end, and never a process that hangs. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { runToItsEnd } from './helpers/hostile';
import { compile, compileCpp, describeWithCompiler } from './helpers/library';

describeWithCompiler('a plugin that ends the process', () => {
  const folder = temporaryFolder();

  async function howItEnds(how: string): Promise<[number | null, string | null]> {
    const { code, signal } = await runToItsEnd(compile(folder, 'crash', `-DHOW=${how}`));
    return [code, signal];
  }

  it('with _Exit() has its exit code', async () => assert.deepEqual(await howItEnds('_Exit(7)'), [7, null]));

  it('with abort() has SIGABRT', async () => assert.deepEqual(await howItEnds('abort()'), [null, 'SIGABRT']));

  it('with a wild pointer has SIGSEGV', async () => {
    assert.deepEqual(await howItEnds('*(volatile int*)8 = 1'), [null, 'SIGSEGV']);
  });

  it('with more on its stack than a thread has meets the end of the stack', async () => {
    assert.deepEqual(await howItEnds('overflow_stack()'), [null, 'SIGSEGV']);
  });

  for (const where of ['open', 'read', 'wait', 'start', 'descriptor', 'name', 'cancel', 'close']) {
    it(`with an exception in ${where} has SIGABRT, and its C++ library says which one it was`, async () => {
      const library = compileCpp(folder, 'escaping', [`-DWHERE="${where}"`]);
      const { signal, stderr } = await runToItsEnd(library, where === 'cancel' ? 'destroy' : 'read');
      assert.equal(signal, 'SIGABRT');
      // Both threads cancel: when they meet, the library has only words for that.
      assert.match(stderr, where === 'cancel' ? /^terminate called/ : /logic_error[^]*on purpose/);
    });
  }
});

/** Sources of other addons, which come as Externals. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createStreamFromExternal, type PluginStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { valuesBut } from '../helpers/values';
import { closed, turn } from '../helpers/waiting';
import { compileAddon, describeWithCompiler } from './helpers/library';

interface Addon {
  tagged(): unknown;
  other(): unknown;
  untagged(): unknown;
  empty(): unknown;
  object(): unknown;
  finalized(): number;
}

/** As often as it takes to collect what can be collected. */
async function collect(): Promise<void> {
  for (let times = 0; times < 5; times++) {
    globalThis.gc?.();
    await turn();
  }
}

describeWithCompiler('a source of another addon', () => {
  const folder = temporaryFolder();
  let addon: Addon;

  before(() => {
    addon = compileAddon(folder, 'addon') as Addon;
  });

  it('is read, and finds what its addon keeps beside the table', async () => {
    const stream = createStreamFromExternal(addon.tagged(), { slotSize: 100 });
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    assert.equal(chunk.toString(), 'of an addon');
    assert.equal(stream.library, undefined);
    await closed(stream.destroy());
  });

  it('can be read by several streams', async () => {
    const external = addon.tagged();
    const streams = [createStreamFromExternal(external), createStreamFromExternal(external)];
    for (const stream of streams) await once(stream, 'data');
    for (const stream of streams) await closed(stream.destroy());
  });

  it('is kept until the stream is closed, and not longer', async () => {
    await collect();
    const before = addon.finalized();
    // In a function of its own: nothing on the stack holds the External.
    const open = (): PluginStream => createStreamFromExternal(addon.tagged(), { slots: 2, slotSize: 100 });
    const stream = open();
    for (let chunks = 0; chunks < 10; chunks++) {
      await collect();
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      assert.equal(chunk.toString(), 'of an addon');
    }
    assert.equal(addon.finalized(), before);
    await closed(stream.destroy());
    while (addon.finalized() === before) await collect();
    assert.equal(stream.destroyed, true);
  });

  for (const kind of ['untagged', 'other', 'empty', 'object'] as const) {
    it(`is refused with ERR_INVALID_ARG_TYPE when its External is not one (${kind})`, () => {
      const external = addon[kind]();
      assert.throws(() => createStreamFromExternal(external), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    });
  }

  for (const [name, value] of valuesBut()) {
    it(`is refused with ERR_INVALID_ARG_TYPE when it is ${name}`, () => {
      assert.throws(() => createStreamFromExternal(value), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    });
  }

  it('takes the options of a plugin', async () => {
    const external = addon.tagged();
    assert.throws(() => createStreamFromExternal(external, { config: 1n }), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => createStreamFromExternal(external, { slots: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    const stream = createStreamFromExternal(external, { encoding: 'latin1' });
    assert.equal((await once(stream, 'data'))[0], 'of an addon');
    await closed(stream.destroy());
  });
});

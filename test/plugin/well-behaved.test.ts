/** What a plugin that keeps the rules can count on. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPluginStream, type PluginStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes, PatternReader } from '../helpers/pattern';
import { bytesOf, closed, parked, until } from '../helpers/waiting';
import { compile, describeWithCompiler } from './helpers/library';

describeWithCompiler('a plugin', () => {
  const folder = temporaryFolder();
  let pattern = '';
  let echo = '';

  before(() => {
    pattern = compile(folder, 'pattern');
    echo = compile(folder, 'echo');
  });

  async function echoed(options?: PluginStreamOptions): Promise<string> {
    return (await bytesOf(createPluginStream(echo, options))).toString();
  }

  it('gives its bytes in order, to the end', async () => {
    const stream = createPluginStream(pattern, { config: { seed: 7, words: 1_000_000 } });
    const reader = new PatternReader(7);
    for await (const chunk of stream) reader.take(chunk);
    reader.assertReached(4_000_000);
    assert.equal(stream.stats().bytesDelivered, 4_000_000);
  });

  it('is found by its path from the current folder, and by its file URL', async () => {
    const config = { seed: 1, words: 5 };
    const expected = patternBytes(1, 0, 20);
    for (const library of [path.relative(process.cwd(), pattern), pathToFileURL(pattern)]) {
      const stream = createPluginStream(library, { config });
      assert.equal(stream.library, pattern);
      assert.deepEqual(await bytesOf(stream), expected);
    }
  });

  it('gets room for a whole slot at every read, of 64 KiB or of the size that was asked for', async () => {
    for (const [size, options] of [
      [65_536, {}],
      [1000, { slotSize: 1000 }],
      [4096, { highWaterMark: 4096 }],
    ] as const) {
      const lengths: number[] = [];
      const stream = createPluginStream(pattern, { ...options, config: { words: (size / 4) * 10 } });
      for await (const chunk of stream) lengths.push((chunk as Buffer).length);
      assert.deepEqual(lengths, new Array<number>(10).fill(size));
    }
  });

  it('tells the consumer a word of 64 bits about each slot', async () => {
    const stream = createPluginStream(pattern, { slotSize: 1000, config: { words: 700 } });
    const words: bigint[] = [];
    for await (const slot of stream.slots()) words.push(slot.user);
    assert.deepEqual(words, [2n ** 63n, 2n ** 63n + 1000n, 2n ** 63n + 2000n]);
  });

  it('gets its config as JSON, or nothing', async () => {
    const configs = [null, true, 0, -1.5, 'text', '\0 \ud800 ☃', [], [1, [2]], {}, { a: { b: 'c' }, d: null }];
    for (const config of configs) assert.equal(await echoed({ config }), JSON.stringify(config));
    assert.equal(await echoed({ config: new Date(0) }), '"1970-01-01T00:00:00.000Z"');
    assert.equal(await echoed({ config: undefined }), 'nothing');
    assert.equal(await echoed(), 'nothing');
    assert.equal(await echoed({ config: 'x'.repeat(50_000) }), JSON.stringify('x'.repeat(50_000)));
  });

  it('says what it opened by the time of ready', async () => {
    const stream = createPluginStream(echo);
    assert.deepEqual([stream.fd, stream.name], [null, '']);
    await once(stream, 'ready');
    assert.deepEqual([stream.fd, stream.name], [0, 'echo']);
    await closed(stream.destroy());
    assert.equal(stream.fd, null);
    const silent = createPluginStream(pattern);
    await once(silent, 'ready');
    assert.deepEqual([silent.fd, silent.name], [null, '']);
    await closed(silent.destroy());
  });

  it('runs twice at once, each with what is its own', async () => {
    const streams = [1, 2].map((seed) => createPluginStream(pattern, { config: { seed, words: 500_000 } }));
    await Promise.all(
      streams.map(async (stream, i) => {
        const reader = new PatternReader(i + 1);
        for await (const chunk of stream) reader.take(chunk);
        reader.assertReached(2_000_000);
      }),
    );
  });

  for (const [where, flags] of [
    ['read', []],
    ['wait', ['-DWAITS']],
  ] as const) {
    it(`is cancelled while it blocks in ${where}`, async () => {
      const stream = createPluginStream(compile(folder, 'blocking', ...flags));
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      assert.equal(chunk.toString(), '1');
      await closed(stream.destroy());
      assert.equal(stream.errored, null);
    });
  }

  it('waits for its consumer when the ring is full', async () => {
    const stream = createPluginStream(pattern, { slots: 3, slotSize: 1000, config: { words: 2500 } });
    await parked(stream);
    assert.equal(stream.stats().slotsReady, 3);
    assert.deepEqual(await bytesOf(stream), patternBytes(0, 0, 10_000));
  });

  it('fills every slot ahead when nobody has asked for a number or a size', async () => {
    const stream = createPluginStream(pattern, { config: { words: 2 ** 24 } });
    await parked(stream);
    const { slots, slotsReady } = stream.stats();
    assert.deepEqual([slots, slotsReady], [32, 32]);
    await closed(stream.destroy());
  });

  it('is dropped from as overflow says', async () => {
    const options = { slots: 2, slotSize: 1000, overflow: 'drop-newest', config: { words: 2500 } } as const;
    const stream = createPluginStream(pattern, options);
    await once(stream, 'ready');
    const gaps: unknown[] = [];
    stream.on('gap', (gap) => gaps.push(gap));
    await until(() => stream.stats().chunksProduced === 10);
    assert.deepEqual(await bytesOf(stream), patternBytes(0, 0, 2000));
    assert.deepEqual(gaps, [{ droppedChunks: 8, droppedBytes: 8000, sequence: 2 }]);
  });

  it('that was compiled against an older header works, and its memory behind that is not looked at', async () => {
    const flags = ['-DSTRUCT_SIZE=SLIPRING_SOURCE_SIZE_1_0', '-DFLAGS=0xffffffff'];
    assert.equal((await bytesOf(createPluginStream(compile(folder, 'table', ...flags)))).length, 0);
  });

  it('that was compiled against a newer header of the same version works', async () => {
    const library = compile(folder, 'table', '-DSTRUCT_SIZE=100000');
    assert.equal((await bytesOf(createPluginStream(library))).length, 0);
  });
});

/** A plugin that was compiled against the first version of the header runs for ever, with all that it used. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPluginStream, type PluginStream, type StreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, closed } from '../helpers/waiting';
import { describeWithCompiler } from '../plugin/helpers/library';
import { compileKept } from './helpers/kept';

describeWithCompiler('a plugin of version 1.0', () => {
  const folder = temporaryFolder();
  let library = '';

  before(() => {
    library = compileKept(folder, '1.0', 'plugin');
  });

  const open = (config: string, options: StreamOptions = {}): PluginStream =>
    createPluginStream(library, { ...options, config });

  it('streams', async () => {
    assert.equal((await bytesOf(open('chunks'))).toString(), 'chunk 1chunk 2chunk 3');
  });

  it('gives batches of records, and says how many were lost', async () => {
    const stream = open('records');
    const events: unknown[] = [];
    stream.on('gap', (gap) => events.push(gap));
    for await (const { data, recordTable, recordCount } of stream.slots()) {
      events.push([data.toString(), recordTable.toString('hex'), recordCount]);
    }
    assert.deepEqual(events, [
      ['chunk 1', 'ffffffffffffffff', 2],
      { droppedChunks: 2, droppedBytes: 0, sequence: 1 },
      ['chunk 2', 'ffffffffffffffff', 2],
      ['chunk 3', 'ffffffffffffffff', 2],
    ]);
  });

  it('says of each chunk when it was, and a word', async () => {
    const seen: unknown[] = [];
    for await (const { data, timestamp, user } of open('chunks').slots()) seen.push([data.toString(), timestamp, user]);
    assert.deepEqual(seen, [
      ['chunk 1', 1000n, 2n ** 64n - 2n],
      ['chunk 2', 2000n, 2n ** 64n - 3n],
      ['chunk 3', 3000n, 2n ** 64n - 4n],
    ]);
  });

  it('says which descriptor it reads from, and what it opened', async () => {
    const stream = open('silent');
    await once(stream, 'ready');
    assert.equal(stream.fd, 2);
    assert.match(stream.name, /^\d+ closed$/);
    await closed(stream.destroy());
  });

  it('is cancelled while it waits, and closed once', async () => {
    const first = open('silent');
    await once(first, 'ready');
    await closed(first.destroy());
    assert.equal(first.errored, null);
    const second = open('silent');
    await once(second, 'ready');
    await closed(second.destroy());
    assert.equal(Number.parseInt(second.name), Number.parseInt(first.name) + 1);
  });

  for (const [where, expected] of [
    ['open', { code: 'ENXIO', syscall: 'tune' }],
    ['read', { code: 'ERR_SLIPRING_SOURCE', message: 'the antenna fell down' }],
    ['wait', { code: 'EIO', syscall: 'listen' }],
  ] as const) {
    it(`fails in ${where} with its own error`, async () => {
      await assert.rejects(bytesOf(open(`fail in ${where}`)), expected);
    });
  }
});

/** A plugin that was compiled against the first header by which a source can push runs for ever, with all that it used. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPluginStream, type PluginStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, closed } from '../helpers/waiting';
import { describeWithCompiler } from '../plugin/helpers/library';
import { compileKept } from './helpers/kept';

describeWithCompiler('a plugin of version 1.1 that pushes', () => {
  const folder = temporaryFolder();
  let library = '';

  before(() => {
    library = compileKept(folder, '1.1', 'push');
  });

  const open = (config: string): PluginStream => createPluginStream(library, { config });

  it('streams', async () => {
    assert.equal((await bytesOf(open('bytes'))).toString(), 'onetwothree');
  });

  it('says of each chunk when it was, a word, what its records are, and what was lost before it', async () => {
    const stream = open('chunks');
    const events: unknown[] = [];
    stream.on('gap', (gap) => events.push(gap));
    for await (const { data, timestamp, user, recordTable } of stream.slots()) {
      events.push([data.toString(), timestamp, user, recordTable.toString('hex')]);
    }
    assert.deepEqual(events, [
      ['one', 1000n, 2n ** 64n - 1n, '11111111'],
      { droppedChunks: 2, droppedBytes: 14, sequence: 1 },
      ['two', 1001n, 2n ** 64n - 2n, '11111111'],
      ['three', 1002n, 2n ** 64n - 3n, '11111111'],
    ]);
  });

  it('is cancelled while it waits for room', async () => {
    const stream = open('flood');
    await once(stream, 'data');
    await closed(stream.destroy());
    assert.equal(stream.errored, null);
  });

  it('fails with its own error, after what it gave', async () => {
    const chunks: string[] = [];
    await assert.rejects(
      async () => {
        for await (const chunk of open('fail')) chunks.push((chunk as Buffer).toString());
      },
      { code: 'EIO', syscall: 'listen' },
    );
    assert.deepEqual(chunks, ['one']);
  });

  it('fails in start with its own error', async () => {
    await assert.rejects(bytesOf(open('fail in start')), { code: 'ENXIO', syscall: 'tune' });
  });
});

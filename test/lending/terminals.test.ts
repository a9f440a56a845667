/** pipe() to a terminal sink: all bytes arrive, and no memory but the ring's is needed. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { allocationsDuring, consumer } from './helpers/consumers';
import { digests, terminals, type Opener, type Terminal } from './helpers/terminals';

const SIZE = 20_021; // a size that nothing else allocates
const LENGTH = 40 * SIZE;
const options = { seed: 6, length: LENGTH, slots: 3, slotSize: SIZE };
const expected = patternBytes(6, 0, LENGTH);

describe('a pipe lends its slots to', () => {
  const folder = temporaryFolder();

  const open = async (name: string): Promise<Terminal> => (terminals[name] as Opener)(folder.path('file'));

  for (const name of Object.keys(terminals)) {
    it(name, async () => {
      const { sink, received, close } = await open(name);
      const stream = createPatternStreamLater();
      const allocated = await allocationsDuring(SIZE, async () => {
        stream().pipe(sink);
        assert.ok((await received).equals(expected));
      });
      close?.();
      assert.equal(allocated, options.slots);
      assert.deepEqual([stream().stats().slotsLent, stream().stats().bytesDelivered], [0, LENGTH]);
    });
  }

  for (const [name, { create, digest }] of Object.entries(digests)) {
    it(name, async () => {
      const sink = create();
      const allocated = await allocationsDuring(SIZE, () => pipeline(createPatternStream(options), sink));
      const other = create();
      other.end(expected);
      await once(other, 'finish');
      assert.equal(digest(sink), digest(other));
      assert.equal(allocated, options.slots);
    });
  }

  it('a Writable that has Symbol.for("slipring.consumesOnWrite")', async () => {
    const chunks: Buffer[] = [];
    const sink = consumer({
      write(chunk: Buffer, _encoding, callback) {
        chunks.push(Buffer.from(chunk));
        setImmediate(callback);
      },
    });
    const allocated = await allocationsDuring(SIZE, () => pipeline(createPatternStream(options), sink));
    assert.ok(Buffer.concat(chunks).equals(expected));
    assert.equal(allocated, options.slots);
  });

  it('several of them at once', async () => {
    const names = ['fs.WriteStream', 'net.Socket', 'zlib.Gzip'] as const;
    const opened = await Promise.all(names.map(open));
    const allocated = await allocationsDuring(SIZE, async () => {
      const stream = createPatternStream(options);
      for (const { sink } of opened) stream.pipe(sink);
      for (const { received } of opened) assert.ok((await received).equals(expected));
    });
    for (const { close } of opened) close?.();
    assert.equal(allocated, options.slots);
  });

  it('a sink that is piped a file', async () => {
    const file = folder.fill('source', LENGTH);
    const { sink, received } = await open('fs.WriteStream');
    const allocated = await allocationsDuring(SIZE, async () => {
      createReadStream(file, { slots: 3, slotSize: SIZE }).pipe(sink);
      assert.ok((await received).equals(patternBytes(LENGTH, 0, LENGTH)));
    });
    assert.equal(allocated, 3);
  });
});

/** Created at the first call: its memory is to be counted. */
function createPatternStreamLater(): () => ReturnType<typeof createPatternStream> {
  let stream: ReturnType<typeof createPatternStream> | undefined;
  return () => (stream ??= createPatternStream(options));
}

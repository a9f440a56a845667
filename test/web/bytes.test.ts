/** What comes out of toWeb(): every byte, in order, in chunks or in the views that the reader brings. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { closed, parked, until } from '../helpers/waiting';
import { fillBytes, fillViews, readChunks } from './helpers/reading';

const LENGTH = 100_002;
const SLOT = 4096;

function create(options: object = {}): ProducerStream {
  return createPatternStream({ seed: 9, length: LENGTH, slots: 4, slotSize: SLOT, ...options });
}

describe('toWeb()', () => {
  const folder = temporaryFolder();

  it('gives every byte in chunks, one for each slot, and they are no Buffers', async () => {
    const stream = create();
    const reader = new PatternReader(9);
    assert.equal(await readChunks(stream.toWeb(), reader), Math.ceil(LENGTH / SLOT));
    reader.assertReached(LENGTH);
    const chunks = create().toWeb().getReader();
    const { value } = await chunks.read();
    assert.equal(Object.getPrototypeOf(value), Uint8Array.prototype);
    await chunks.cancel();
  });

  it('gives chunks that are the reader’s for ever', async () => {
    const kept: Uint8Array[] = [];
    for await (const chunk of create().toWeb()) kept.push(chunk);
    const reader = new PatternReader(9);
    for (const chunk of kept) reader.take(Buffer.from(chunk));
    reader.assertReached(LENGTH);
    assert.equal(new Set(kept.map(({ buffer }) => buffer)).size, kept.length);
  });

  for (const length of [1, 100, SLOT - 1, SLOT, SLOT + 1, 3 * SLOT + 7, 2 * LENGTH]) {
    it(`fills views of ${length} bytes, beside slots of ${SLOT}`, async () => {
      const reader = new PatternReader(9);
      const stream = create({ length: length < 100 ? 5000 : LENGTH });
      await fillBytes(stream.toWeb(), reader, length);
      reader.assertReached(length < 100 ? 5000 : LENGTH);
      assert.equal(stream.stats().slotsLent, 0);
    });
  }

  it('fills a view from all slots that are ready, at once', async () => {
    // More than are handed on in a turn one by one.
    const stream = create({ slots: 20, slotSize: 1000 });
    const web = stream.toWeb();
    await parked(stream);
    const { value } = await web.getReader({ mode: 'byob' }).read(new Uint8Array(19_005));
    assert.equal(value?.byteLength, 19_005);
    await closed(stream.destroy());
  });

  it('fills no more than a ring of slots in one turn of the event loop', async () => {
    const stream = create({ length: undefined });
    const web = stream.toWeb();
    await parked(stream);
    const { value } = await web.getReader({ mode: 'byob' }).read(new Uint8Array(1000 * SLOT));
    assert.ok((value?.byteLength ?? 0) <= 4 * SLOT);
    await closed(stream.destroy());
  });

  it('fills views of other types, and keeps what is less than an element for the next', async () => {
    const reader = new PatternReader(9);
    const words = (buffer: ArrayBuffer): Uint16Array => new Uint16Array(buffer);
    await fillViews(create({ slotSize: 1001 }).toWeb(), reader, new Uint16Array(700), words);
    reader.assertReached(LENGTH);
    const other = new PatternReader(9);
    const bytes = (buffer: ArrayBuffer): DataView => new DataView(buffer, 3, 500);
    await fillViews(create().toWeb(), other, new DataView(new ArrayBuffer(1000), 3, 500), bytes);
    other.assertReached(LENGTH);
  });

  it('fails a view of larger elements when the stream ends in the middle of one, as a web stream does', async () => {
    const stream = create({ length: 5 });
    const reader = stream.toWeb().getReader({ mode: 'byob' });
    assert.deepEqual((await reader.read(new Uint32Array(4))).value?.length, 1);
    await assert.rejects(reader.read(new Uint32Array(4)), TypeError);
    await closed(stream);
  });

  it('waits until there is as much as the reader asks for, and gives what is left at the end', async () => {
    const reader = new PatternReader(9);
    const min = SLOT + 1000;
    const count = await fillBytes(create().toWeb(), reader, 2 * SLOT, min);
    reader.assertReached(LENGTH);
    assert.ok(count <= LENGTH / min);
  });

  it('lets readers of both kinds take turns, also in the middle of a slot', async () => {
    const stream = create();
    const web = stream.toWeb();
    const expected = new PatternReader(9);
    const take = (value: Uint8Array | undefined): void => expected.take(Buffer.from(value ?? []));
    for (let round = 0; round < 8; round++) {
      const byob = web.getReader({ mode: 'byob' });
      take((await byob.read(new Uint8Array(1500))).value);
      take((await byob.read(new Uint8Array(1500))).value);
      byob.releaseLock();
      const chunks = web.getReader();
      const { value } = await chunks.read();
      assert.equal(value?.length, SLOT - 3000);
      take(value);
      chunks.releaseLock();
    }
    await readChunks(web, expected);
    expected.assertReached(LENGTH);
  });

  it('loses nothing when a reader goes while it waits', async () => {
    const fifo = createPatternStream({ seed: 9, length: LENGTH, slots: 2, slotSize: SLOT });
    const web = fifo.toWeb();
    const first = web.getReader({ mode: 'byob' });
    const waits = first.read(new Uint8Array(10));
    first.releaseLock();
    await assert.rejects(waits, TypeError);
    const reader = new PatternReader(9);
    await readChunks(web, reader);
    reader.assertReached(LENGTH);
  });

  it('serves many reads that wait at the same time, in their order', async () => {
    const web = create({ length: 20 * SLOT }).toWeb();
    const byob = web.getReader({ mode: 'byob' });
    const reads = Array.from({ length: 10 }, () => byob.read(new Uint8Array(SLOT)));
    const reader = new PatternReader(9);
    for (const { value } of await Promise.all(reads)) reader.take(Buffer.from(value ?? []));
    byob.releaseLock();
    await readChunks(web, reader);
    reader.assertReached(20 * SLOT);
  });

  it('leaves what a view has not taken yet to its reader when the stream is destroyed, and to no other stream', async () => {
    const stream = createReadStream(folder.write('first', Buffer.alloc(60_000, 1)));
    const reader = stream.toWeb().getReader({ mode: 'byob' });
    await reader.read(new Uint8Array(10));
    await until(() => stream.stats().bytesProduced === 60_000);
    stream.destroy();
    const second = createReadStream(folder.write('second', Buffer.alloc(200_000, 2)));
    await new Promise<void>((resolve) => process.nextTick(resolve)); // it has started
    while (second.stats().chunksProduced < 2); // and filled its slots, before this event loop turns
    const late = reader.read(new Uint8Array(100));
    const { value } = await late.catch(() => ({ value: undefined }));
    for (const byte of value ?? []) assert.equal(byte, 1);
    await Promise.all([closed(stream), closed(second.destroy())]);
  });

  it('is what Response and Blob read', async () => {
    const path = folder.fill('file', LENGTH);
    const bytes = Buffer.from(await new Response(createReadStream(path).toWeb()).arrayBuffer());
    const reader = new PatternReader(LENGTH);
    reader.take(bytes);
    reader.assertReached(LENGTH);
  });

  it('can be teed and piped through a transform', async () => {
    const [one, two] = create().toWeb().tee();
    const first = new PatternReader(9);
    const second = new PatternReader(9);
    await Promise.all([readChunks(one, first), readChunks(two.pipeThrough(new TransformStream()), second)]);
    first.assertReached(LENGTH);
    second.assertReached(LENGTH);
  });

  it('counts what was handed on in stats() and bytesRead, to the byte', async () => {
    const stream = createReadStream(folder.fill('counted', LENGTH), { slotSize: SLOT });
    const reader = stream.toWeb().getReader({ mode: 'byob' });
    assert.equal(stream.readableDidRead, false);
    await reader.read(new Uint8Array(10));
    assert.deepEqual([stream.bytesRead, stream.stats().bytesDelivered, stream.readableDidRead], [10, 10, true]);
    await reader.cancel();
    await closed(stream);
  });
});

/** Many short streams, one after the other: threads and memory of those that have ended serve the next ones. */
import { strict as assert } from 'node:assert';
import { createReadStream, type Slot } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';

const KIB = 1024;
// Copied, given away, and more than one slot.
const SIZES = [1, 4 * KIB, 20 * KIB, 40 * KIB, 64 * KIB, 100 * KIB];

describe('streams, one after the other,', () => {
  const folder = temporaryFolder();
  const files = Array.from({ length: 40 }, (_, i) => ({
    name: `${i}`,
    content: Buffer.alloc(SIZES[i % SIZES.length] as number, i),
  }));
  const open = ({ name, content }: (typeof files)[number]): ReturnType<typeof createReadStream> =>
    createReadStream(folder.write(name, content));

  it('leave the chunks that they gave away to who has them', async () => {
    const kept: Buffer[] = [];
    for (const file of files) kept.push(...((await open(file).toArray()) as Buffer[]));
    assert.ok(Buffer.concat(kept).equals(Buffer.concat(files.map(({ content }) => content))));
  });

  it('leave a slot that was kept to who keeps it, also after their end', async () => {
    const kept: [Slot, Buffer][] = [];
    for (const file of files) {
      for await (const slot of open(file).slots()) kept.push([slot.retain(), Buffer.from(slot.data)]);
    }
    for (const [slot, copy] of kept) {
      assert.ok(slot.data.equals(copy));
      slot.release();
    }
  });

  it('leave nothing to the next one when they are destroyed at any moment', async () => {
    const seen: Buffer[] = [];
    for (let round = 0; round < 6; round++) {
      for (const file of files) {
        const stream = open(file);
        if (round === 1) stream.once('open', () => stream.destroy());
        else if (round === 2) stream.once('data', (chunk) => (seen.push(chunk as Buffer), stream.destroy()));
        else if (round === 3) stream.destroy();
        else stream.on('data', (chunk) => seen.push(chunk as Buffer));
        await closed(stream);
        for (const chunk of seen) assert.ok(chunk.every((byte) => byte === chunk[0]));
        seen.length = 0;
      }
    }
  });
});

/** One slot is one chunk, for every way to read: Node up to 25 joins what waits in a Readable's own queue. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, parked, turn } from '../helpers/waiting';

const LENGTH = 20_500;
const EXPECTED = [...Array<number>(20).fill(1000), 500];

/** Ways to read a stream to its end, and the lengths of the chunks they get. */
const ways: Record<string, (stream: ProducerStream) => Promise<number[]>> = {
  async "'data'"(stream) {
    const lengths: number[] = [];
    stream.on('data', (chunk: Buffer) => lengths.push(chunk.length));
    await once(stream, 'end');
    return lengths;
  },
  async "'readable' and read()"(stream) {
    const lengths: number[] = [];
    stream.on('readable', () => {
      for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) {
        lengths.push(chunk.length);
      }
    });
    await once(stream, 'end');
    return lengths;
  },
  async "read() now and then, without 'readable'"(stream) {
    const lengths: number[] = [];
    stream.on('end', () => lengths.push(0));
    while (lengths.at(-1) !== 0) {
      const chunk = stream.read() as Buffer | null;
      if (chunk) lengths.push(chunk.length);
      await turn();
    }
    return lengths.slice(0, -1);
  },
  async 'for await'(stream) {
    const lengths: number[] = [];
    for await (const chunk of stream) lengths.push((chunk as Buffer).length);
    return lengths;
  },
  async 'for await with a slow body'(stream) {
    const lengths: number[] = [];
    for await (const chunk of stream) {
      lengths.push((chunk as Buffer).length);
      await parked(stream);
      await turn();
    }
    return lengths;
  },
  async 'toArray()'(stream) {
    return ((await stream.toArray()) as Buffer[]).map((chunk) => chunk.length);
  },
};

describe('one slot is one chunk', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', LENGTH);
  });

  for (const [name, read] of Object.entries(ways)) {
    for (const slots of [1, 2, 8]) {
      it(`with ${name} and ${slots} slots`, async () => {
        assert.deepEqual(await read(createReadStream(file, { slots, slotSize: 1000 })), EXPECTED);
        assert.deepEqual(await read(createPatternStream({ length: LENGTH, slots, slotSize: 1000 })), EXPECTED);
      });
    }

    it(`with ${name} when every slot was full before the first read`, async () => {
      const stream = createPatternStream({ length: LENGTH, slots: 5, slotSize: 1000 });
      await parked(stream);
      assert.deepEqual(await read(stream), EXPECTED);
    });
  }

  it('fills slots to the brim, also when the end of the file is no multiple of them', async () => {
    const stream = createReadStream(file, { slots: 3, slotSize: 4096, start: 5, end: 4096 * 3 + 4 });
    assert.deepEqual(
      ((await stream.toArray()) as Buffer[]).map((chunk) => chunk.length),
      [4096, 4096, 4096],
    );
  });

  it('gives every chunk memory of its own', async () => {
    for (const slotSize of [100, 20_000, 100_000]) {
      const stream = createPatternStream({ length: slotSize * 20, slots: 2, slotSize });
      const chunks = (await stream.toArray()) as Buffer[];
      for (const chunk of chunks) chunk.fill(0);
      chunks.forEach((chunk, i) => chunk.fill(i + 1));
      chunks.forEach((chunk, i) => assert.ok(chunk.every((byte) => byte === i + 1)));
      await closed(stream);
    }
  });
});

/** One abuse run of a loop: for await, or slots(), left at any time and with slots kept, transferred and released. */
import { strict as assert } from 'node:assert';
import type { ProducerStream, Slot } from 'slipring';

import type { Random } from '../../lifecycle/helpers/random';
import { patternBytes } from '../../helpers/pattern';
import { turns } from './destinations';

interface Kept {
  bytes: Buffer;
  offset: number;
}

function assertWhole({ bytes, offset }: Kept, seed: number): void {
  assert.ok(bytes.equals(patternBytes(seed, offset, bytes.length)), `a chunk that was kept has changed, at ${offset}`);
}

/** Whether this turn of the loop is to be the last. Streams without an end have to be left. */
function leaves(offset: number, random: Random): boolean {
  return random.below(60) === 0 || offset > 2_000_000;
}

/** Runs a loop, which may end as the stream does when it is destroyed, and in no other way. */
async function toItsEnd(stream: ProducerStream, loop: () => Promise<void>): Promise<void> {
  try {
    await loop();
  } catch (error) {
    if (!stream.destroyed || (error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

export async function forAwaitRun(stream: ProducerStream, seed: number, random: Random): Promise<void> {
  const kept: Kept[] = [];
  let offset = 0;
  await toItsEnd(stream, async () => {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      kept.push({ bytes, offset });
      offset += bytes.length;
      await turns(random.of([0, 0, 0, 1, 3]));
      if (random.below(80) === 0) stream.destroy();
      if (leaves(offset, random)) break;
    }
  });
  for (const each of kept) assertWhole(each, seed);
}

export async function slotsRun(stream: ProducerStream, seed: number, random: Random): Promise<void> {
  const { slots } = stream.stats();
  const retained: (Kept & { slot: Slot })[] = [];
  const transferred: Kept[] = [];
  const stale: Buffer[] = [];
  const releaseOne = (): void => {
    const [each] = retained.splice(random.below(retained.length), 1);
    if (!each) return;
    // The consumer may have transferred it after it was retained.
    if (each.bytes.length > 0) assertWhole(each, seed);
    each.slot.release();
    stale.push(each.bytes);
  };
  let offset = 0;
  await toItsEnd(stream, async () => {
    for await (const slot of stream.slots()) {
      const bytes = slot.data;
      assertWhole({ bytes, offset }, seed);
      const here = offset;
      offset += bytes.length;
      const action = random.below(8);
      if (action < 2 && retained.length < slots - 1) retained.push({ slot: slot.retain(), bytes, offset: here });
      else if (action === 2) slot.release();
      else if (action === 3) {
        const [at, length] = [bytes.byteOffset, bytes.length];
        const memory = structuredClone(bytes.buffer as ArrayBuffer, { transfer: [bytes.buffer as ArrayBuffer] });
        transferred.push({ bytes: Buffer.from(memory, at, length), offset: here });
      }
      if (!retained.some((each) => each.slot === slot)) stale.push(bytes);
      if (random.below(3) === 0) releaseOne();
      await turns(random.of([0, 0, 0, 1, 3]));
      if (random.below(80) === 0) stream.destroy();
      if (leaves(offset, random)) break;
    }
  });
  while (retained.length > 0) releaseOne();
  for (const { length } of stale) assert.equal(length, 0);
  for (const each of transferred) assertWhole(each, seed);
}

/** Loops over a stream: chunks, lent slots, batches of datagrams, and the helpers that a Readable has. */
import { setImmediate as turn } from 'node:timers/promises';
import type { ProducerStream, UdpStream } from 'slipring';

import { OnPurpose } from './errors';
import type { Random } from './random';
import { follow, type Operation } from './stage';
import type { Watched } from './watched';

/** How a loop ends that does not go on to the end of the stream. */
type Leaves = 'goes on' | 'breaks' | 'throws' | 'destroys';

interface Lent {
  data: Buffer;
  sequence: number;
  timestamp: bigint;
  release(): void;
  retain(): unknown;
}

async function loopOver<Item>(
  items: AsyncIterable<Item>,
  watched: Watched,
  random: Random,
  take: (item: Item) => void,
): Promise<boolean> {
  const leaves = random.of<Leaves>(['goes on', 'goes on', 'breaks', 'throws', 'destroys']);
  let left = random.below(20);
  for await (const item of items) {
    take(item);
    if (random.oneIn(4)) await turn();
    if (leaves === 'goes on' || left-- > 0) continue;
    watched.wasStopped = true;
    if (leaves === 'breaks') break;
    if (leaves === 'throws') throw new OnPurpose('a loop');
    watched.stream.destroy();
  }
  return !watched.wasStopped;
}

async function overChunks(watched: Watched, random: Random): Promise<void> {
  const reader = watched.reader();
  const items = random.oneIn(4)
    ? watched.stream.iterator({ destroyOnReturn: random.oneIn(2) })
    : watched.stream[Symbol.asyncIterator]();
  if (await loopOver(items, watched, random, (chunk) => reader.take(chunk))) reader.end();
}

/** Some are kept beyond their turn, some given back early: then nothing of them is left. */
function handle(lent: Lent, watched: Watched, random: Random): void {
  const fate = random.below(6);
  if (fate === 0) {
    lent.retain();
    watched.retained.push(() => lent.release());
  }
  if (fate !== 1) return;
  lent.release();
  lent.release();
  if (lent.data.length > 0) watched.problem('a slot that was released has bytes');
}

async function overSlots(watched: Watched, random: Random, lent: AsyncIterable<Lent>, isBytes: boolean): Promise<void> {
  const reader = watched.reader();
  let next = 0;
  let last = 0n;
  const all = await loopOver(lent, watched, random, (slot) => {
    const isInOrder = watched.options.mayDrop || watched.isObjects ? slot.sequence >= next : slot.sequence === next;
    if (!isInOrder || slot.timestamp < last) watched.problem(`slot ${slot.sequence} comes after ${next - 1}`);
    next = slot.sequence + 1;
    last = slot.timestamp;
    if (isBytes) reader.take(slot.data);
    handle(slot, watched, random);
  });
  if (all) reader.end();
}

/** A view of `length` bytes; 0: a chunk, whatever it is. */
async function readOnce(web: ReadableStream, length: number): Promise<{ done: boolean; value?: unknown }> {
  const reader = length > 0 ? web.getReader({ mode: 'byob' }) : web.getReader();
  const result = await reader.read(new Uint8Array(length)); // which is no argument where chunks are read
  reader.releaseLock();
  return result;
}

/** Chunks, and views of any size, by turns. */
async function overWeb(watched: Watched, random: Random, web: ReadableStream): Promise<void> {
  const reader = watched.reader();
  const isBytes = !watched.isObjects && watched.stream.readableEncoding === null;
  let left = random.of([5, 50, Infinity]);
  for (; left > 0; left--) {
    const { done, value } = await readOnce(web, isBytes && random.oneIn(2) ? 1 + random.below(10_000) : 0);
    if (done) {
      if (!watched.wasStopped) reader.end();
      return;
    }
    reader.take(value instanceof Uint8Array ? Buffer.from(value) : value);
    if (random.oneIn(4)) await turn();
  }
  watched.wasStopped = true;
  await web.cancel(new OnPurpose('cancelled'));
}

/** What the helpers of a Readable do with all that comes. */
const HELPERS: Record<string, (watched: Watched, random: Random, signal: AbortSignal) => Promise<unknown>> = {
  take: ({ stream }, random, signal) => stream.take(random.below(10), { signal }).toArray({ signal }),
  drop: ({ stream }, random, signal) => stream.drop(random.below(10)).forEach(() => undefined, { signal }),
  map: ({ stream }, random, signal) =>
    stream
      .map((chunk: unknown) => chunk, { signal, concurrency: 1 + random.below(3) })
      .take(20)
      .toArray(),
  filter: ({ stream }, random) =>
    stream
      .filter(() => random.oneIn(2))
      .take(3)
      .toArray(),
  some: ({ stream }, random) => stream.some(() => random.oneIn(10)),
  every: ({ stream }, random) => stream.every(() => !random.oneIn(10)),
  find: ({ stream }, random, signal) => stream.find(() => random.oneIn(10), { signal }),
  flatMap: ({ stream }) =>
    stream
      .flatMap((chunk: unknown) => [chunk, chunk])
      .take(5)
      .toArray(),
  reduce: ({ stream }, _random, signal) => stream.reduce((count: number) => count + 1, 0, { signal }),
  throwing: ({ stream }) =>
    stream.forEach(() => {
      throw new OnPurpose('a helper');
    }),
};

export const loops: Record<string, Operation> = {
  iterate(watched, random, stage) {
    follow(stage, 'for await', watched, overChunks(watched, random.fork()));
    return 'for await';
  },
  slots(watched, random, stage) {
    const slots = watched.stream.slots();
    follow(stage, 'slots()', watched, overSlots(watched, random.fork(), slots, !watched.isObjects), true);
    return 'slots()';
  },
  batches(watched, random, stage) {
    if (!watched.isObjects) return undefined;
    const batches = (watched.stream as ProducerStream & Pick<UdpStream, 'batches'>).batches();
    follow(stage, 'batches()', watched, overSlots(watched, random.fork(), batches, false), true);
    return 'batches()';
  },
  toWeb(watched, random, stage) {
    const web = watched.stream.toWeb();
    follow(stage, 'toWeb()', watched, overWeb(watched, random.fork(), web));
    return 'toWeb()';
  },
  helpers(watched, random, stage) {
    const name = random.of(Object.keys(HELPERS));
    const abort = new AbortController();
    if (random.oneIn(4)) setImmediate(() => abort.abort());
    watched.reader();
    watched.wasStopped = true;
    follow(stage, name, watched, HELPERS[name]?.(watched, random.fork(), abort.signal) ?? Promise.resolve());
    return `helper ${name}`;
  },
};

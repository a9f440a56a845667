/** One abuse run of pipe(): destinations come, go and die while the stream flows. */
import { strict as assert } from 'node:assert';
import { Transform, type Writable } from 'node:stream';
import type { ProducerStream } from 'slipring';

import type { Random } from '../../lifecycle/helpers/random';
import { patternBytes } from '../../helpers/pattern';
import { closed, until } from '../../helpers/waiting';
import { kinds, open, turns, type Destination, type Peers } from './destinations';

/** What a consumer was given: pieces of the pattern, one for each time that it was connected. */
class Expectation {
  readonly pieces: { from: number; to: number | undefined }[] = [];

  /** All bytes up to now, `position` being where the stream is. */
  bytes(seed: number, position: number): Buffer {
    return Buffer.concat(this.pieces.map(({ from, to = position }) => patternBytes(seed, from, to - from)));
  }

  begin(position: number): void {
    this.pieces.push({ from: position, to: undefined });
  }

  stop(position: number): void {
    const open = this.pieces.at(-1);
    if (open) open.to ??= position;
  }

  get open(): boolean {
    return this.pieces.length > 0 && this.pieces.at(-1)?.to === undefined;
  }
}

/** After so many chunks or bytes, a stream without an end is destroyed. A zlib that makes a KiB at a time is slow. */
export const MOST_CHUNKS = 300;
export const MOST_BYTES = 4_000_000;

export interface Tally {
  /** Chunks that a consumer saw become empty. */
  lent: number;
  /** Chunks that somebody kept. */
  owned: number;
  /** Destinations that came to their proper end, and those that did not. */
  whole: number;
  broken: number;
}

interface Target extends Destination {
  expected: Expectation;
}

/** The stream, and where it is. */
class Flow {
  #end: number | undefined;

  constructor(readonly stream: ProducerStream) {}

  get position(): number {
    return this.#end ?? this.stream.stats().bytesDelivered - this.stream.readableLength;
  }

  /** How far it may have come. Node may still hand on what was in the queue when the stream was destroyed. */
  get most(): number {
    return this.stream.stats().bytesDelivered;
  }

  destroy(): ProducerStream {
    this.#end ??= this.position;
    return this.stream.destroy();
  }
}

/** Fails unless `bytes` is what was expected, or, when the consumer did not come to its proper end, its beginning. */
function assertArrived(
  bytes: Buffer,
  expected: Expectation,
  seed: number,
  flow: Flow,
  whole: boolean,
  who: string,
): void {
  const most = expected.bytes(seed, flow.most);
  assert.ok(bytes.equals(most.subarray(0, bytes.length)), `wrong bytes at ${who}`);
  if (whole) assert.ok(bytes.length >= expected.bytes(seed, flow.position).length, `bytes are missing at ${who}`);
}

/** A 'data' listener that comes and goes. */
class Listener {
  readonly expected = new Expectation();
  readonly chunks: Buffer[] = [];
  readonly #flow: Flow;
  readonly #take = (chunk: Buffer): unknown => this.chunks.push(chunk);

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  toggle(): void {
    if (this.expected.open) {
      this.expected.stop(this.#flow.position);
      this.#flow.stream.removeListener('data', this.#take);
    } else {
      // In this order: a thread that writes to a file goes on until then.
      this.#flow.stream.on('data', this.#take);
      this.expected.begin(this.#flow.position);
    }
  }
}

/**
 * Node's pipe() waits for ever for the 'drain' of a destination that was written to after it had died, when there are
 * other destinations. Chunks that are given away go through it.
 */
function waitsForTheDead(stream: ProducerStream): boolean {
  const { _readableState: state } = stream as unknown as {
    _readableState: { awaitDrainWriters: Iterable<Writable> | Writable | null };
  };
  const { awaitDrainWriters: awaited } = state;
  if (awaited === null) return false;
  return (Symbol.iterator in awaited ? [...awaited] : [awaited]).some(({ destroyed }) => destroyed);
}

async function disturb(flow: Flow, targets: Target[], listener: Listener, random: Random): Promise<void> {
  const { stream } = flow;
  for (let actions = random.below(8); actions > 0 && !stream.destroyed; actions--) {
    await turns(random.below(7));
    const target = random.of(targets);
    const action = random.below(20);
    if (action < 6) {
      if (target.expected.open) stream.unpipe(target.sink);
      else if (!target.sink.destroyed && !target.sink.writableEnded) stream.pipe(target.sink);
    } else if (action < 11) listener.toggle();
    else if (action < 14) {
      stream.pause();
      await turns(random.below(4));
      stream.resume();
    } else if (action === 14) target.sink.destroy();
    else if (action === 15) target.sink.end();
    else if (action === 16) flow.destroy();
  }
}

export async function pipeRun(
  stream: ProducerStream,
  seed: number,
  random: Random,
  peers: Peers,
  path: string,
  tally: Tally,
): Promise<void> {
  const flow = new Flow(stream);
  const targets: Target[] = [];
  for (let count = random.of([1, 1, 2, 2, 3]); count > 0; count--) {
    const destination = await open(random.of(kinds), random, peers, `${path}-${count}`);
    targets.push({ ...destination, expected: new Expectation() });
  }
  for (const { sink, expected } of targets) {
    sink.on('pipe', () => expected.begin(flow.position));
    sink.on('unpipe', () => stream.destroyed || expected.stop(flow.position));
    stream.pipe(sink);
  }
  const listener = new Listener(flow);
  await disturb(flow, targets, listener, random);

  // Without a consumer it would wait for ever, and without an end the others would.
  const consumed = (): boolean => targets.some(({ sink, expected }) => expected.open && !sink.destroyed);
  const enough = (): boolean => {
    const { chunksDelivered, bytesDelivered } = stream.stats();
    return chunksDelivered > MOST_CHUNKS || bytesDelivered > MOST_BYTES;
  };
  await until(() => stream.destroyed || !consumed() || waitsForTheDead(stream) || enough());
  await closed(stream.destroyed ? stream : flow.destroy());
  for (const { sink } of targets) sink.end();

  for (const { kind, sink, kept, arrived, expected } of targets) {
    const bytes = await arrived();
    // What goes through may have been destroyed between its one end and its other.
    const cut = sink instanceof Transform && !sink.readableEnded;
    const whole = sink.writableFinished && sink.errored === null && !cut;
    // A peer that goes away early is the network's business.
    assertArrived(bytes, expected, seed, flow, whole && !kind.includes('socket'), `the far end of a ${kind}`);
    tally[whole ? 'whole' : 'broken']++;
    for (const { chunk, copy } of kept) {
      const empty = chunk.length === 0;
      assert.ok((empty && kind === 'consumer') || chunk.equals(copy), `a chunk that a ${kind} kept has changed`);
      tally[empty ? 'lent' : 'owned']++;
    }
  }
  assertArrived(Buffer.concat(listener.chunks), listener.expected, seed, flow, true, "a 'data' listener");
}

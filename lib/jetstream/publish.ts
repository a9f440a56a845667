/** `publish()`: a stream, in order and once, into a subject of JetStream's. */
import type { JetStreamClient } from '@nats-io/jetstream';

import { invalidArgType } from '../errors';
import type { ByteStream } from '../stream';
import type { Position } from '../ring';
import { isConflict, jetStreamFailed } from './failures';
import { Lease, Leases } from './lease';
import { type Chunk, Cutter } from './pieces';
import { Publisher } from './publisher';
import { type PublishOptions, type ResolvedPublishOptions, resolvePublishOptions } from './publish-options';
import type { LastStored } from './stored';

/**
 * What is published: a function that opens it where the last message of the subject ends, at `resume`, or from the beginning
 * when that is undefined; or a stream, for a subject that has no messages yet.
 */
export type PublishSource = ByteStream | ((resume: Position | undefined) => ByteStream | Promise<ByteStream>);

/** What {@link publish} has done when its source has ended. */
export interface Published {
  /** How many messages were stored. */
  messages: number;
  /** How many bytes they have, without headers. */
  bytes: number;
  /** How often what was under way had to be sent again. */
  retries: number;
  /** The sequence that the subject's last message has in its stream; 0 when there is none. */
  sequence: number;
  /** Where the last message ends: what a next `publish()` would resume at. Undefined when there is none. */
  position: Position | undefined;
}

/**
 * Publishes what a stream gives to a subject of JetStream's: each message once, in order, whatever happens to the process, the
 * connection and the servers meanwhile. It asks the server for the subject's last message, and goes on behind that: there is no
 * checkpoint to be kept elsewhere. The stream's memory is lent to the messages until they are stored, so a slow server makes
 * the background thread wait.
 *
 * @param source - What to publish; see {@link PublishSource}.
 * @param jetstream - A client, as `jetstream()` of `@nats-io/jetstream` makes it. It stays open.
 * @returns When the source has ended, and all of it is stored. It never does while a file is followed.
 * @throws What the source fails with, after all before it was stored; `ERR_SLIPRING_JETSTREAM_…`; `ABORT_ERR`. The source is
 *   destroyed then.
 */
export async function publish(
  source: PublishSource,
  jetstream: JetStreamClient,
  options: PublishOptions,
): Promise<Published> {
  const resolved = resolvePublishOptions(options);
  const open = opener(source);
  for (let attempt = 1; ; attempt++) {
    let publisher: Publisher | undefined;
    try {
      publisher = new Publisher(jetstream, resolved);
      return await run(publisher, open, resolved);
    } catch (error) {
      open.given?.destroy();
      // Right at the start it may be what a publisher that was killed had under way: it is stored now, so go on behind it.
      const mayBeOurs = isConflict(error) && publisher?.chain.messages === 0 && !open.given && attempt === 1;
      if (!mayBeOurs) throw error;
    } finally {
      publisher?.close();
    }
  }
}

interface Opener {
  (resume: Position | undefined): ByteStream | Promise<ByteStream>;
  /** The stream, when it was no function. */
  given: ByteStream | undefined;
}

interface Reading {
  stream: ByteStream;
  chunks: AsyncIterable<Chunk>;
  split: 'records' | 'bytes';
}

function isStream(value: unknown): value is ByteStream {
  const { batches, slots } = (value ?? {}) as Partial<ByteStream>;
  return typeof batches === 'function' && typeof slots === 'function';
}

function opener(source: PublishSource): Opener {
  if (typeof source === 'function') return Object.assign(source.bind(undefined), { given: undefined });
  if (isStream(source)) return Object.assign(() => source, { given: source });
  throw invalidArgType('source', 'a stream of bytes of slipring, or a function that returns one', source);
}

async function run(publisher: Publisher, open: Opener, options: ResolvedPublishOptions): Promise<Published> {
  // One that was given may fail at any time.
  let reading = open.given && read(open.given, options.split);
  publisher.whenFailed((error) => reading?.stream.destroy(error));
  try {
    const last = await publisher.begin();
    reading ??= read(await open(last?.end), options.split);
    publisher.whenFailed((error) => reading?.stream.destroy(error));
    await carry(publisher, reading, last, options, open.given !== undefined);
    const { messages, bytes, end, last: sequence } = publisher.chain;
    return { messages, bytes, retries: publisher.retries, sequence, position: end ?? last?.end };
  } finally {
    reading?.stream.destroy();
  }
}

async function carry(
  publisher: Publisher,
  { stream, chunks, split }: Reading,
  last: LastStored | undefined,
  { id, subject }: ResolvedPublishOptions,
  isGiven: boolean,
): Promise<void> {
  const { chain } = publisher;
  const from = last && last.end.file === id ? last.end.offset : 0;
  const cutter = new Cutter({ subject, split, id, from, largest: () => publisher.largest });
  const leases = new Leases();
  // The thread always has one to fill.
  const mostLent = Math.max(stream.stats().slots - 1, 1);
  let resumes = last?.end;
  try {
    for await (const chunk of chunks) {
      const lease = new Lease(chunk.retain(), leases);
      for (const piece of cutter.cut(chunk)) {
        if (resumes && !mayFollow(piece.begin, resumes, isGiven)) throw jetStreamFailed('RESUME', subject);
        resumes = undefined;
        if (!chain.hasRoom) await publisher.until(() => chain.isRoomy);
        lease.use();
        chain.push({ ...piece, lease });
      }
      lease.done();
      if (leases.out >= mostLent) await publisher.until(() => leases.out < mostLent);
    }
  } finally {
    // Also after the source has failed: what came before is published.
    await publisher.until(() => chain.isEmpty);
  }
}

/**
 * Whether what begins there may be what comes after the last message. Another file may; one that was given as a stream was
 * opened by somebody who did not know.
 */
function mayFollow(begin: Position, end: Position, isGiven: boolean): boolean {
  return begin.file === end.file ? begin.offset >= end.offset : !isGiven;
}

/** Lends what the stream has: records when it has any. */
function read(stream: unknown, wanted: 'records' | 'bytes' | undefined): Reading {
  if (!isStream(stream))
    throw invalidArgType('source', 'a function that returns a stream of bytes of slipring', stream);
  try {
    return { stream, chunks: stream.batches(), split: wanted ?? 'records' };
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_SLIPRING_NO_RECORDS' || wanted === 'records') throw error;
    return { stream, chunks: stream.slots(), split: 'bytes' };
  }
}

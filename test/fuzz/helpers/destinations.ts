/** Where streams are piped to: what takes its time, fails, closes early, or keeps what it gets. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { createGzip } from 'node:zlib';

import { OnPurpose } from './errors';
import { mayUseClose } from './origins';
import type { Random } from './random';
import type { Watched } from './watched';

type Callback = (error?: Error | null) => void;

/** Checks what it gets when it gets it, and again when it says that it is done: it may be lent until then. */
function checking(watched: Watched, random: Random, write: (done: Callback) => void): Writable {
  const reader = watched.reader();
  const sink = new Writable({
    objectMode: watched.isObjects,
    decodeStrings: false,
    write(chunk: unknown, _encoding, callback) {
      reader.take(chunk);
      const before = Buffer.isBuffer(chunk) ? createHash('md5').update(chunk).digest('hex') : undefined;
      write((error) => {
        if (
          before !== undefined &&
          before !==
            createHash('md5')
              .update(chunk as Buffer)
              .digest('hex')
        ) {
          watched.problem('a chunk changed while it was being written');
        }
        callback(error);
      });
    },
  });
  sink.on('finish', () => watched.count('end') > 0 && reader.end());
  return Object.assign(sink, { [Symbol.for('slipring.consumesOnWrite')]: random.oneIn(2) });
}

function failing(watched: Watched, random: Random, fail: (sink: Writable) => void): Writable {
  let left = random.below(10);
  const sink = checking(watched, random, (done) => {
    if (left-- === 0) fail(sink);
    setImmediate(done);
  });
  return sink;
}

/** For bytes alone. */
const OF_BYTES: Record<string, () => Writable> = {
  ...(mayUseClose && { '/dev/null': () => fs.createWriteStream('/dev/null') }),
  gzip: () => createGzip({ level: 1 }).resume(),
  hash: () => createHash('sha256'),
  'a PassThrough': () => new PassThrough().resume(),
};

const OF_ALL: Record<string, (watched: Watched, random: Random) => Writable> = {
  'one that is fast': (watched, random) => checking(watched, random, (done) => done()),
  'one that takes a turn': (watched, random) => checking(watched, random, (done) => setImmediate(done)),
  'one that never calls back': (watched, random) => checking(watched, random, () => undefined),
  'one that fails': (watched, random) => failing(watched, random, (sink) => sink.destroy(new OnPurpose('destination'))),
  'one that closes': (watched, random) => failing(watched, random, (sink) => sink.destroy()),
  'one that calls back with an error': (watched, random) =>
    checking(watched, random, (done) => setImmediate(done, new OnPurpose('write'))),
};

export function destination(watched: Watched, random: Random): [name: string, sink: Writable] {
  const makers = { ...OF_ALL, ...(!watched.isObjects && OF_BYTES) };
  const name = random.of(Object.keys(makers));
  const sink = (makers[name] as (watched: Watched, random: Random) => Writable)(watched, random);
  if (name in OF_BYTES) watched.reader();
  sink.on('error', () => undefined);
  return [name, sink];
}

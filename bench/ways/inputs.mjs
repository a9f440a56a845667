/**
 * What is read, in the order of the tables. An input has the `kind` of its readers, the names of the `ways` that make sense
 * for it, `shape`, (size) => { times, bytes }: how many streams of how many bytes; `run`, which reads them all; and
 * `prepare`, when there is something to start before the clock: see ways/index.mjs.
 */
import { LINE } from '../lib/content.mjs';
import { ways } from './index.mjs';
import { startWriter } from './writer.mjs';

const KIB = 1024;
const MB = 1e6;

const everything = [...ways.keys()];

/** What only looks at bytes: it needs no end of the stream, and costs little beside reading. */
const looking = [
  'setEncoding + split',
  'readline, for await',
  'readline, line',
  'split2',
  'data',
  'for await',
  'read()',
];
/** What is particular to the other ways is seen with one file. */
const usual = [...looking, 'toWeb()', 'pipe to file'];
const small = [...usual, 'encoding + split', 'Readable.toWeb', 'Response(stream)', 'fetch upload', 'TCP', 'hash'];

async function inTurn(times, once) {
  for (let i = 0; i < times; i++) await once();
}

const atOnce = (times, once) => Promise.all(Array.from({ length: times }, once));

/** Whole lines. */
const shape = (times, bytes) => ({
  times: Math.max(1, Math.floor(times)),
  bytes: Math.max(1, Math.floor(bytes / LINE)) * LINE,
});

const filesInTurn = (bytes, most, names) => ({
  kind: 'file',
  ways: names,
  shape: (size) => shape(Math.min(most, size / bytes), bytes),
  run: inTurn,
});

const filesAtOnce = (times) => ({
  kind: 'file',
  ways: usual,
  shape: (size) => shape(times, size / times),
  run: atOnce,
});

/** Written at full rate, in pieces of so many bytes. */
const device = (kind, piece, share, names) => ({
  kind,
  ways: names,
  shape: (size) => shape(1, size * share),
  prepare: (context) => startWriter(kind, piece, context),
  run: inTurn,
});

export const inputs = {
  file: { kind: 'file', ways: everything, shape: (size) => shape(1, size), run: inTurn },
  '20MB': filesInTurn(20 * MB, 5, everything),
  '4KiB': filesInTurn(4 * KIB, 5000, small),
  '8-at-once': filesAtOnce(8),
  '32-at-once': filesAtOnce(32),
  'fifo-512': device('fifo', 512, 1 / 16, looking),
  'fifo-4K': device('fifo', 4 * KIB, 1 / 4, looking),
  'fifo-64K': device('fifo', 64 * KIB, 1 / 2, [...usual, 'Readable.toWeb', 'TCP', 'hash']),
  'fifo-1M': device('fifo', 1024 * KIB, 1 / 2, usual),
  pty: device('pty', 64 * KIB, 1 / 8, looking),
};

/** `slipring copy` and `slipring cat`. */
import type { Hash } from 'node:crypto';

import type { Arguments } from '../arguments';
import { ByteStream } from '../../stream';
import { Failure } from '../failure';
import { print, tell } from '../output';
import { compressing, isStandardOutput, openSink, type Refuse, type Sink } from '../sinks';
import { openSource, type Source, type SourceOptions } from '../sources';
import { codecNameOf, hashOf, rateOf, sourceOptionsOf } from './choices';
import type { Rules } from './carry';
import { shownOf } from './observer';
import { Pace } from './pace';
import { Session } from './session';
import type { StatsFile } from './stats-file';
import { openView } from './view';
import { wholeRecords } from './whole-records';

export function copy(args: Arguments): Promise<number> {
  const [source, ...sinks] = args.operands;
  if (source === undefined) throw args.wrong('Name the source to copy.');
  const nats = sinks.find((sink) => sink.startsWith('nats:'));
  if (nats !== undefined) return toNats(args, source, nats);
  return run(args, [source], sinks.length === 0 ? ['-'] : sinks);
}

export function cat(args: Arguments): Promise<number> {
  return run(args, args.operands.length === 0 ? ['-'] : args.operands, ['-']);
}

/** Who publishes has a loop of its own, which the others do not fit. */
async function toNats(args: Arguments, source: string, sink: string): Promise<number> {
  const others = ['rate-limit', 'max-bytes', 'duration', 'hash', 'stats'].filter(
    (name) => args.text(name) !== undefined,
  );
  others.push(...['gzip', 'zstd', 'progress'].filter((name) => args.has(name)));
  if (args.operands.length > 2) throw args.wrong('nats:// is a sink alone: others do not go with it.');
  if (others.length > 0) throw args.wrong(`--${others.join(', --')} do not go with nats://.`);
  const { publishTo } = require('../nats') as typeof import('../nats');
  const view = await openView(args);
  try {
    return await publishTo(sink, source, sourceOptionsOf(args));
  } finally {
    await view?.close();
  }
}

/** One after the other, and nothing is emptied before all are open: what is wrong with the last one costs no other. */
async function openSinks(names: readonly string[], refuse: Refuse): Promise<Sink[]> {
  const sinks: Sink[] = [];
  for (const name of names) sinks.push(await openSink(name, refuse));
  for (const sink of sinks) await sink.begin?.();
  return sinks;
}

/** Why a file cannot be a sink. */
function refusal({ file }: Source, stats: StatsFile | undefined): Refuse {
  return (dev, ino) => {
    if (file?.dev === dev && file.ino === ino) return 'what is to be read: writing it anew would empty it first';
    return stats?.is(dev, ino) ? 'where --stats writes' : undefined;
  };
}

/** @throws Failure for a source that would grow by what is read of it, and never end */
async function open(name: string, options: SourceOptions, sinks: readonly string[]): Promise<Source> {
  const source = await openSource(name, options);
  if (!sinks.includes('-') || !isStandardOutput(source.file)) return source;
  throw new Failure(`${name} is also the standard output: it would grow as it is read. Name another sink.`);
}

/** As sha256sum has it; where the bytes themselves go there, on the standard error. */
function printHash(hash: Hash, name: string, sinks: readonly string[]): void {
  const say = sinks.includes('-') ? tell : print;
  say(`${hash.digest('hex')}  ${name}\n`);
}

/** How many bytes there will be, when that is known. */
function totalOf({ total }: Source, room: number | undefined): number | undefined {
  if (total === undefined || room === undefined) return total ?? room;
  return Math.min(total, room);
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

/** What to carry of a source. */
function loansOf({ stream }: Source, { records }: SourceOptions, room: number | undefined): Rules['loans'] {
  if (room === undefined || records === undefined || !(stream instanceof ByteStream)) return undefined;
  return wholeRecords(stream, records);
}

async function run(args: Arguments, names: readonly string[], sinkNames: readonly string[]): Promise<number> {
  const options = sourceOptionsOf(args);
  const hash = hashOf(args);
  const codec = codecNameOf(args);
  const rate = rateOf(args);
  const wrap = codec && compressing(codec);
  const shown = shownOf(args, sinkNames);
  const limits = { room: args.size('max-bytes'), duration: args.duration('duration') };
  const [first, ...others] = names as [string, ...string[]];
  const view = await openView(args);
  // A sink is emptied only when there is something to fill it with.
  const source = await open(first, options, sinkNames);
  shown.stats?.open(source);
  const session = new Session(await openSinks(sinkNames, refusal(source, shown.stats)), {
    ...limits,
    wrap,
    shown,
    view,
    unit: options.records === undefined ? 'chunk' : 'record',
  });
  if (others.length === 0) session.observer.total = totalOf(source, limits.room);
  const pace = rate === undefined ? undefined : new Pace(rate, session.signals.stopped);
  await session.carry(source, { pace, hash, loans: loansOf(source, options, limits.room) });
  for (const name of others) {
    if (!session.goesOn) break;
    // What came before it is written to its end.
    const other = await open(name, options, sinkNames).catch(asFailure);
    if (other instanceof Failure) session.fail(other);
    else await session.carry(other, { pace, hash, loans: loansOf(other, options, limits.room) });
  }
  const isWhole = !session.hasFailed && session.signals.by === undefined;
  const code = await session.end();
  if (hash && isWhole) printHash(hash, names.join(' '), sinkNames);
  return code;
}

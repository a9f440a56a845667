/** `slipring copy` and `slipring cat`. */
import type { Hash } from 'node:crypto';

import type { Arguments } from '../arguments';
import { compressed, openSink, type Sink } from '../sinks';
import { openSource, type Source } from '../sources';
import { codecNameOf, hashOf, rateOf, sourceOptionsOf } from './choices';
import { shownOf } from './observer';
import { Pace } from './pace';
import { Session } from './session';
import { openView } from './view';

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
  const code = await publishTo(sink, source, sourceOptionsOf(args));
  await view?.close();
  return code;
}

/** One after the other: what is wrong with the last one is not to happen beside others. */
async function openSinks(names: readonly string[], { file }: Source): Promise<Sink[]> {
  const sinks: Sink[] = [];
  for (const name of names) sinks.push(await openSink(name, (dev, ino) => file?.dev === dev && file.ino === ino));
  return sinks;
}

/** As sha256sum has it; where the bytes themselves go there, on the standard error. */
function printHash(hash: Hash, name: string, sinks: readonly string[]): void {
  const output = sinks.includes('-') ? process.stderr : process.stdout;
  output.write(`${hash.digest('hex')}  ${name}\n`);
}

/** How many bytes there will be, when that is known. */
function totalOf({ total }: Source, room: number | undefined): number | undefined {
  if (total === undefined || room === undefined) return total ?? room;
  return Math.min(total, room);
}

async function run(args: Arguments, names: readonly string[], sinkNames: readonly string[]): Promise<number> {
  const options = sourceOptionsOf(args);
  const hash = hashOf(args);
  const codec = codecNameOf(args);
  const rate = rateOf(args);
  const limits = { room: args.size('max-bytes'), duration: args.duration('duration') };
  const [first, ...others] = names as [string, ...string[]];
  const view = await openView(args);
  // A sink is emptied only when there is something to fill it with.
  let source = await openSource(first, options);
  const session = new Session(await openSinks(sinkNames, source), {
    ...limits,
    wrap: codec && ((sink) => compressed(sink, codec)),
    shown: shownOf(args, sinkNames),
    view,
    unit: options.records === undefined ? 'chunk' : 'record',
  });
  if (others.length === 0) session.observer.total = totalOf(source, limits.room);
  const pace = rate === undefined ? undefined : new Pace(rate, session.signals.stopped);
  await session.carry(source, { pace, hash });
  for (const name of others) {
    if (!session.goesOn) break;
    source = await openSource(name, options);
    await session.carry(source, { pace, hash });
  }
  const isWhole = !session.hasFailed && session.signals.by === undefined;
  const code = await session.end();
  if (hash && isWhole) printHash(hash, names.join(' '), sinkNames);
  return code;
}

/** `slipring tail`. */
import path from 'node:path';

import type { Arguments } from '../arguments';
import { type Loan, openView, Session } from '../carry';
import { Failure } from '../failure';
import { openSink } from '../sinks';
import type { Source } from '../sources';
import type { BeginningOptions } from '../../sources/beginning';
import { openFollowed } from './followed';
import { Headers } from './headers';
import { StateFile } from './state';

const DEFAULT_LINES = 10;

function beginningOf(args: Arguments): BeginningOptions {
  const from = args.text('from');
  const lines = args.count('lines');
  if (from !== undefined && lines !== undefined) throw args.wrong('--from and --lines contradict each other.');
  const waitForFile = args.has('retry');
  if (from === 'start') return { start: 0, waitForFile };
  return { lines: from === 'end' ? 0 : (lines ?? DEFAULT_LINES), waitForFile };
}

/** One that cannot be read leaves the others alone. */
async function openAll(
  names: readonly string[],
  beginning: BeginningOptions,
  state: StateFile | undefined,
): Promise<(Source | Failure)[]> {
  return await Promise.all(
    names.map(async (name) => {
      try {
        return await openFollowed(name, { ...beginning, resume: state?.get(path.resolve(name)) });
      } catch (error) {
        if (error instanceof Failure) return error;
        throw error;
      }
    }),
  );
}

export async function tail(args: Arguments): Promise<number> {
  const beginning = beginningOf(args);
  const stateName = args.text('resume');
  if (args.operands.length === 0) throw args.wrong('Name the files to follow.');
  const duration = args.duration('duration');
  const state = stateName === undefined ? undefined : new StateFile(stateName);
  const view = await openView(args);
  const sources = await openAll(args.operands, beginning, state);
  const session = new Session([await openSink('-', () => undefined)], { duration, unit: 'chunk', view });
  const headers = args.operands.length > 1 && !args.has('quiet') ? new Headers(session.outlet) : undefined;
  await Promise.all(
    sources.map(async (source) => {
      if (source instanceof Failure) {
        session.fail(source);
        return;
      }
      const file = path.resolve(source.name);
      const onWritten = ({ end }: Loan): void => {
        if (end) state?.set(file, end);
      };
      await session.carry(source, state ? { onWritten } : {}, headers?.of(source.name));
    }),
  );
  try {
    state?.close();
  } catch (error) {
    session.fail(error as Failure);
  }
  return await session.end();
}

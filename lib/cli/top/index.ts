/** `slipring top`: the live view of a program, in the terminal. */
import type { Arguments } from '../arguments';
import { tellSentence } from '../output';
import { pictureOf } from './picture';
import { openScreen } from './screen';
import { eventsOf, snapshotsOf } from './snapshots';

export async function top(args: Arguments): Promise<number> {
  const [address, ...more] = args.operands;
  if (address === undefined || more.length > 0)
    throw args.wrong('Name one view: the address that the program has printed.');
  const url = eventsOf(address);
  let left = args.count('count') ?? Infinity;
  if (left === 0) throw args.wrong('--count takes a number above 0.');
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const snapshots = snapshotsOf(url, stopping.signal);
  // Whoever cannot be reached leaves the screen as it was.
  let next = await snapshots.next();
  const screen = openScreen(stop);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    for (; !next.done; next = await snapshots.next()) {
      screen.show(pictureOf(next.value, screen.columns, screen.rows));
      if (--left === 0) break;
    }
  } finally {
    await snapshots.return();
    screen.close();
  }
  if (next.done && !stopping.signal.aborted) tellSentence('the program has ended.');
  return 0;
}

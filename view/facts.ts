/** The counters of one stream. */
import type { ViewedStream } from 'slipring/view';
import { make, setText } from './dom';
import { lossesOf } from './happenings';
import { slotsOf } from './ring';
import { clock, count, nanoseconds, several, size } from './words';

type Row = readonly [name: string, value: (stream: ViewedStream) => string];

const ROWS: readonly Row[] = [
  ['Handed on', ({ stats }) => `${size(stats.bytesDelivered)} in ${several(stats.chunksDelivered, 'chunk')}`],
  ['Read', ({ stats }) => `${size(stats.bytesProduced)} in ${several(stats.chunksProduced, 'chunk')}`],
  [
    'Slots',
    (stream) => {
      const { free, filling, ready, lent } = slotsOf(stream);
      return `${stream.stats.slots} of ${size(stream.stats.slotSize)}: ${free} free, ${filling} being filled, ${ready} ready, ${lent} lent`;
    },
  ],
  [
    'Source waited',
    ({ stats }) => `${several(stats.producerWaits, 'time')}, ${nanoseconds(stats.producerWaitNs)} in all`,
  ],
  [
    'Consumer waited',
    ({ stats, consumerWaits }) => `${several(stats.wakeups, 'time')}; ${count(consumerWaits)} in the last second`,
  ],
  ['Lost', (stream) => lossesOf(stream) || 'nothing'],
  ['Stalls', ({ counts }) => count(counts.stalls)],
  ['Rotations', ({ counts }) => count(counts.rotations)],
  [
    'Seen',
    ({ since, until }) => (until === null ? `since ${clock(since)}` : `from ${clock(since)} to ${clock(until)}`),
  ],
];

export class Facts {
  readonly #values = ROWS.map(() => make('dd'));
  readonly element = make('dl', 'facts');

  constructor() {
    for (const [i, [name]] of ROWS.entries()) {
      this.element.append(make('div', '', make('dt', '', name), this.#values[i] as HTMLElement));
    }
  }

  update(stream: ViewedStream): void {
    for (const [i, [, value]] of ROWS.entries()) setText(this.#values[i] as HTMLElement, value(stream));
  }
}

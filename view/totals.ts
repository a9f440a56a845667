/** All streams together. */
import type { ViewSnapshot } from 'slipring/view';
import { find, make, setText } from './dom';
import { count, rate, size } from './words';

const NAMES = ['open', 'throughput', 'handed on', 'losses', 'stalls', 'failed'] as const;

export class Totals {
  readonly #values = NAMES.map(() => make('dd'));

  constructor() {
    for (const [i, name] of NAMES.entries()) {
      find('#totals').append(make('div', '', make('dt', '', name), this.#values[i] as HTMLElement));
    }
  }

  draw({ streams, others }: ViewSnapshot): void {
    const sum = (of: (stream: (typeof streams)[number]) => number): number =>
      streams.reduce((total, stream) => total + of(stream), 0);
    const figures = [
      count(sum(({ until }) => Number(until === null)) + others),
      rate(sum((stream) => stream.rate)),
      size(sum(({ stats }) => stats.bytesDelivered)),
      count(sum(({ stats }) => stats.droppedChunks + stats.lostFiles + stats.uncountedLosses + stats.truncated)),
      count(sum(({ counts }) => counts.stalls)),
      count(sum(({ state }) => Number(state === 'failed'))),
    ];
    for (const [i, text] of figures.entries()) {
      const value = this.#values[i] as HTMLElement;
      setText(value, text);
      value.classList.toggle('bad', i >= 3 && text !== '0');
    }
  }
}

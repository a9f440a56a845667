/** The charts of one stream. */
import type { ViewedStream } from 'slipring/view';
import { Chart } from './chart';
import { make } from './dom';
import type { Series } from './history';
import type { Mark } from './plot';
import { nanoseconds, rate } from './words';

const MARKS = { gap: '--bad', stall: '--filling', rotation: '--soft' };

export class Charts {
  readonly #rate = new Chart({
    title: 'Throughput',
    lines: [{ name: 'rate', color: '--ready', filled: true }],
    show: rate,
  });
  readonly #latency = new Chart({
    title: 'Time in the ring',
    lines: [
      { name: 'p50', color: '--ready' },
      { name: 'p99', color: '--lent' },
      { name: 'max', color: '--soft', dashed: true },
    ],
    show: nanoseconds,
    isLogarithmic: true,
  });
  readonly #waiting = new Chart({
    title: 'The source waits for the consumer',
    lines: [{ name: 'waits', color: '--filling', filled: true }],
    show: (value) => `${Math.round(value)} %`,
    most: 100,
  });
  readonly element = make('div', 'charts', this.#rate.element, this.#latency.element, this.#waiting.element);

  update({ times, rate, p50, p99, max, waiting }: Series, { happenings }: ViewedStream): void {
    const marks = happenings.map(({ kind, time }): Mark => ({ time, color: MARKS[kind] }));
    this.#rate.update(times, [rate], marks);
    this.#latency.update(times, [p50, p99, max], []);
    this.#waiting.update(times, [waiting], []);
  }

  recolor(): void {
    for (const chart of [this.#rate, this.#latency, this.#waiting]) chart.recolor();
  }
}

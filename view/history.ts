/** The last minutes of a stream, as the charts take them: a list for each figure, all of the same length. */
import type { ViewedStream } from 'slipring/view';

export const KEPT_MS = 180_000;

export interface Series {
  times: number[];
  rate: number[];
  waiting: number[];
  p50: (number | null)[];
  p99: (number | null)[];
  max: (number | null)[];
}

export class History {
  readonly series: Series = { times: [], rate: [], waiting: [], p50: [], p99: [], max: [] };

  add(time: number, { rate, producerWaiting, latency }: ViewedStream): void {
    const { series } = this;
    series.times.push(time);
    series.rate.push(rate);
    series.waiting.push(producerWaiting * 100);
    series.p50.push(latency?.p50 ?? null);
    series.p99.push(latency?.p99 ?? null);
    series.max.push(latency?.max ?? null);
    const old = series.times.findIndex((at) => at >= time - KEPT_MS);
    if (old > 0) for (const list of Object.values(series) as unknown[][]) list.splice(0, old);
  }
}

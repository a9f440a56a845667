/** The throughput of the last minute, without numbers. */
import { makeSvg } from './dom';
import type { Series } from './history';

const SHOWN_MS = 60_000;
/** There may be less yet. */
const SHORTEST_MS = 10_000;
const [WIDTH, HEIGHT] = [120, 28];

export class Sparkline {
  readonly #line = makeSvg('path', { class: 'line' });
  readonly #area = makeSvg('path', { class: 'area' });
  readonly element = makeSvg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'sparkline', 'aria-hidden': 'true' },
    this.#area,
    this.#line,
  );

  update({ times, rate }: Series): void {
    const last = times.at(-1);
    if (last === undefined) return;
    const from = times.findIndex((time) => time >= last - SHOWN_MS);
    const shown = times.slice(from);
    const [first = last] = shown;
    const most = Math.max(1, ...rate.slice(from));
    const span = Math.max(last - first, SHORTEST_MS);
    const across = (time: number): string => (WIDTH - ((last - time) / span) * WIDTH).toFixed(1);
    const up = (value: number): string => (HEIGHT - 1 - (value / most) * (HEIGHT - 3)).toFixed(1);
    const line = `M ${shown.map((time, i) => `${across(time)} ${up(rate[from + i] ?? 0)}`).join(' L ')}`;
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', `${line} L ${WIDTH} ${HEIGHT} L ${across(first)} ${HEIGHT} Z`);
  }
}

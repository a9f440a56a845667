/** The throughput of the last minute, without numbers. */
import { makeSvg } from './dom';
import type { Series } from './history';

const SHOWN_MS = 60_000;
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
    const most = Math.max(1, ...rate.slice(from));
    const points = shown.map((time, i) => {
      const x = WIDTH - ((last - time) / SHOWN_MS) * WIDTH;
      const y = HEIGHT - 1 - ((rate[from + i] ?? 0) / most) * (HEIGHT - 3);
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    const line = `M ${points.join(' L ')}`;
    this.#line.setAttribute('d', line);
    const [first = 0] = shown;
    const begin = (WIDTH - ((last - first) / SHOWN_MS) * WIDTH).toFixed(1);
    this.#area.setAttribute('d', `${line} L ${WIDTH} ${HEIGHT} L ${begin} ${HEIGHT} Z`);
  }
}

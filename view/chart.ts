/** One chart: a title, what it is now or under the cursor, and the last minutes. */
import uPlot from 'uplot';

import { make, setAttribute } from './dom';
import { type ChartOptions, drawMarks, HEIGHT, type Mark, optionsOf } from './plot';
import { Readout } from './readout';
import { clock } from './words';

/** How many points the arrow keys go, with and without the Shift key. */
const STEPS = { far: 20, near: 1 };
/** Where no cursor is to be seen. */
const OUTSIDE = { left: -10, top: -10 };

type Values = (number | null)[];

export class Chart {
  readonly #readout: Readout;
  readonly #box = make('div', 'plot');
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  #plot: uPlot | undefined;
  #marks: readonly Mark[] = [];
  #data: uPlot.AlignedData = [[]];

  constructor(options: ChartOptions) {
    this.#options = options;
    this.#readout = new Readout(options.lines);
    const caption = make('figcaption', '', make('span', '', options.title), this.#readout.element);
    this.element = make('figure', 'chart', caption, this.#box);
    this.#box.tabIndex = 0;
    this.#box.setAttribute('role', 'img');
    this.#box.addEventListener('keydown', (event) => this.#onKey(event));
    this.#box.addEventListener('blur', () => this.#plot?.setCursor(OUTSIDE));
    new ResizeObserver(() => this.#fit()).observe(this.#box);
  }

  update(times: readonly number[], values: readonly Values[], marks: readonly Mark[]): void {
    this.#data = [times as number[], ...values];
    this.#marks = marks;
    this.#plot?.setData(this.#data);
    this.#read();
  }

  /** The colours are others now. */
  recolor(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#fit();
  }

  #fit(): void {
    const width = this.#box.clientWidth;
    if (width === 0) return;
    if (this.#plot) return this.#plot.setSize({ width, height: HEIGHT });
    const hooks = { setCursor: [() => this.#read()], draw: [(plot: uPlot) => drawMarks(plot, this.#marks)] };
    this.#plot = new uPlot(optionsOf(width, this.#options, hooks), this.#data, this.#box);
  }

  /** What is under the cursor, or else the latest. */
  #read(): void {
    const { lines, show, title } = this.#options;
    const [times, ...values] = this.#data as [number[], ...Values[]];
    const at = this.#plot?.cursor.idx ?? times.length - 1;
    const time = times[at];
    const texts = values.map((list, i) => {
      const value = list[at] ?? null;
      const name = lines.length > 1 ? `${lines[i]?.name} ` : '';
      return value === null ? '' : name + show(value);
    });
    this.#readout.update(at === times.length - 1 || time === undefined ? '' : clock(time), texts);
    const label = `${title}: ${this.#readout.text}. The arrow keys go through the last minutes.`;
    setAttribute(this.#box, 'aria-label', label);
  }

  #onKey(event: KeyboardEvent): void {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const plot = this.#plot;
    if (direction === undefined || !plot) return;
    event.preventDefault();
    const [times] = this.#data;
    const from = plot.cursor.idx ?? times.length - 1;
    const to = Math.min(Math.max(from + direction * (event.shiftKey ? STEPS.far : STEPS.near), 0), times.length - 1);
    plot.setCursor({ left: plot.valToPos(times[to] as number, 'x'), top: 0 });
  }
}

/** How a chart is drawn. */
import uPlot from 'uplot';

import { KEPT_MS } from './history';
import { clock } from './words';

export const HEIGHT = 132;
const AXIS_WIDTH = 62;
const FONT = '11px system-ui, sans-serif';
/** The enum of it is there for the compiler only. */
const LOGARITHMIC: unknown = 3;
/** There may be less yet than is kept. */
const SHORTEST_MS = 30_000;
/** Of a line that is at 0 all the time. */
const LEAST_TOP = 1000;
const CORNER = 20;
const MARK = { width: 3, height: 9 };

export interface Line {
  name: string;
  /** The custom property with its colour. */
  color: string;
  filled?: boolean;
  dashed?: boolean;
}

export interface ChartOptions {
  title: string;
  lines: readonly Line[];
  show: (value: number) => string;
  /** Undefined: as large as what there is. */
  most?: number;
  /** Powers of ten. */
  isLogarithmic?: boolean;
}

/** A moment to mark. */
export interface Mark {
  time: number;
  color: string;
}

function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Others have no line and no label on a logarithmic axis. */
const powersOfTen = (_: uPlot, splits: number[]): (number | null)[] =>
  splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));

function timesOf({ data: [times] }: uPlot): [number, number] {
  const last = times.at(-1) ?? Date.now();
  const first = times[0] ?? last;
  return [Math.max(last - KEPT_MS, Math.min(first, last - SHORTEST_MS)), last];
}

function scaleOf({ most, isLogarithmic }: ChartOptions): uPlot.Scale {
  if (!isLogarithmic) return { range: (_, __, high) => [0, most ?? (high > 0 ? high * 1.1 : LEAST_TOP)] };
  const range = (_: uPlot, low: number, high: number): uPlot.Range.MinMax =>
    uPlot.rangeLog(low || LEAST_TOP, high || LEAST_TOP, 10, true);
  return { distr: LOGARITHMIC as uPlot.Scale.Distr, range };
}

/** But for what would stand in the corner, upon the labels of the other axis. */
const clocks = (plot: uPlot, splits: number[]): string[] =>
  splits.map((time) => (plot.valToPos(time, 'x') < CORNER ? '' : clock(time)));

function axesOf({ show, isLogarithmic = false }: ChartOptions): uPlot.Axis[] {
  const axis = { stroke: colorOf('--soft'), font: FONT, ticks: { show: false } };
  const grid = { stroke: colorOf('--line'), width: 1 };
  const labels = (_: uPlot, splits: (number | null)[]): string[] =>
    splits.map((value) => (value === null ? '' : show(value)));
  const filter = isLogarithmic ? { filter: powersOfTen as uPlot.Axis.Filter } : {};
  return [
    { ...axis, grid: { show: false }, size: 22, space: 80, values: clocks },
    { ...axis, grid: { ...grid, ...filter }, size: AXIS_WIDTH, space: 30, values: labels, ...filter },
  ];
}

function seriesOf({ name, color, filled = false, dashed = false }: Line): uPlot.Series {
  return {
    label: name,
    stroke: colorOf(color),
    width: 1.5,
    spanGaps: true,
    points: { show: false },
    ...(filled && { fill: `${colorOf(color)}26` }),
    ...(dashed && { dash: [4, 3] }),
  };
}

/** Above the lines, so that many do not hide them. */
export function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  const [first] = timesOf(plot);
  const { width, height } = MARK;
  for (const { time, color } of marks) {
    if (time < first) continue;
    ctx.fillStyle = colorOf(color);
    const x = plot.valToPos(time, 'x', true) - (width * devicePixelRatio) / 2;
    ctx.fillRect(x, bbox.top - 4 * devicePixelRatio, width * devicePixelRatio, height * devicePixelRatio);
  }
}

export function optionsOf(width: number, chart: ChartOptions, hooks: uPlot.Hooks.Arrays): uPlot.Options {
  return {
    width,
    height: HEIGHT,
    ms: 1,
    padding: [8, 2, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 6 } },
    scales: { x: { range: timesOf }, y: scaleOf(chart) },
    axes: axesOf(chart),
    series: [{}, ...chart.lines.map(seriesOf)],
    hooks,
  };
}

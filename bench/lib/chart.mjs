/** The README's chart, drawn from the results. */
import * as echarts from 'echarts';

import { best, fsDefaultOf, fsOf } from './compare.mjs';
import { sizeName } from './readers.mjs';

const WIDTH = 900;
const ROW_HEIGHT = 84;
const INK = '#1f2328';
const FAINT = '#d1d9e0';

/** One group of bars each, the first on top. */
const rows = [
  { label: 'count\nslots()', from: 'count', group: 'data', slipring: 'slipring, slots()' },
  { label: 'count\nfor await', from: 'count', group: 'for await', slipring: 'slipring, for await' },
  { label: 'file → file', from: 'file', group: '', slipring: 'slipring' },
  { label: 'file → TCP', from: 'tcp', group: '', slipring: 'slipring' },
  { label: 'file → unix\nsocket', from: 'unix', group: '', slipring: 'slipring' },
  { label: 'file → sha256', from: 'sha256', group: '', slipring: 'slipring, pipe' },
];

const ofRole = (contenders, wanted) => contenders.filter(({ role }) => role === wanted);

const series = [
  {
    name: 'fs.createReadStream',
    color: '#9aa4b2',
    pick: ({ contenders }, { group }) => fsDefaultOf(contenders, group),
  },
  {
    name: 'fs at its best highWaterMark',
    color: '#5b6b82',
    pick: ({ contenders }, { group }) => best(fsOf(contenders, group), 'gbPerSecond'),
  },
  {
    name: 'slipring',
    color: '#e8590c',
    pick: ({ contenders }, { slipring }) => contenders.find(({ name }) => name === slipring),
  },
  {
    name: 'a program in C',
    color: '#2f9e8f',
    pick: ({ contenders }) => best(ofRole(contenders, 'native'), 'gbPerSecond') ?? ofRole(contenders, 'tool')[0],
  },
];

function bars({ name, color, pick }, found) {
  const data = found.map(({ row, result }) => pick(result, row)?.metrics.gbPerSecond?.median ?? null);
  return {
    name,
    type: 'bar',
    silent: true,
    data,
    itemStyle: { color },
    barCategoryGap: '22%',
    barGap: '8%',
    label: {
      show: true,
      position: 'right',
      color: INK,
      fontSize: 11,
      formatter: ({ value }) => (value === null ? '' : value.toPrecision(2)),
    },
  };
}

function describe({ node, cpu, cores }) {
  return `Node ${node.slice(1)}, ${cpu}, ${cores} cores`;
}

/** The chart as SVG. It brings its own background: the page it is on may be light or dark. */
export function drawChart(results) {
  const found = rows
    .map((row) => ({ row, result: results.cases.find(({ name }) => name === row.from) }))
    .filter(({ result }) => result !== undefined);
  const { machine, settings } = results;
  const height = 150 + found.length * ROW_HEIGHT;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { color: INK, fontFamily: 'system-ui, Helvetica, Arial, sans-serif' },
    title: {
      text: 'GB/s, more is better',
      subtext: [
        `${sizeName(settings.size)} in the page cache, median of ${settings.runs} runs`,
        describe(machine),
      ].join(' · '),
      left: 16,
      top: 12,
      textStyle: { color: INK, fontSize: 16 },
      subtextStyle: { color: '#59636e', fontSize: 12 },
    },
    // The gap makes up for fonts that are wider than the one the library reckons with.
    legend: { left: 16, top: 66, itemGap: 36, itemWidth: 14, itemHeight: 14, textStyle: { color: INK, fontSize: 13 } },
    grid: { left: 110, right: 48, top: 100, bottom: 36 },
    xAxis: { type: 'value', splitLine: { lineStyle: { color: FAINT } }, axisLabel: { color: '#59636e' } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: found.map(({ row }) => row.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: FAINT } },
      axisLabel: { color: INK, fontSize: 13, lineHeight: 17 },
    },
    series: series.map((one) => bars(one, found)),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

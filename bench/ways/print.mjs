/** The matrix as tables: one for each Node, and what is below 1, the worst first. */
import { acceptanceTable, markdownTable } from '../lib/table.mjs';
import { median, metrics } from '../lib/metrics.mjs';
import { isBelow, judgePromises, judgeRow, lowest } from './judge.mjs';

const MISSING = '–';

const ratio = (value) => value?.toFixed(2) ?? MISSING;

/** Megabytes, to three digits. */
const rate = ({ bytes, ns }) => (bytes / ns) * 1000;

function figure(contender, of, digits) {
  if (!contender) return MISSING;
  const value = median(contender.reports.map((report) => of(report)));
  return digits === undefined ? Number(value.toPrecision(3)).toString() : value.toFixed(digits);
}

const HEAD = [
  '',
  'MB/s',
  'Node',
  '× defaults',
  '× best',
  'at',
  '± control',
  'CPU s/GB',
  'Node',
  '÷ Node',
  '± control',
  'peak RSS, MB',
  'Node',
];

function cells(row) {
  const { input, way, ours, node, best, toDefault, toBest, spread, cpu, cpuSpread } = row;
  const both = (of, digits) => [figure(ours, of, digits), figure(node, of, digits)];
  return [
    `${input}: ${way}${isBelow(row) ? ' (!)' : ''}`,
    ...both(rate),
    ratio(toDefault),
    ratio(toBest),
    best?.name.replace(/^node$/, 'default').replace(/^node /, '') ?? MISSING,
    ratio(spread),
    ...both(metrics.cpuPerGb.of, 2),
    ratio(cpu),
    ratio(cpuSpread),
    ...both(metrics.peakRss.of, 0),
  ];
}

/** One line while it is measured. */
export function describe(row) {
  const { input, way, contenders, toDefault, toBest, spread, cpu, cpuSpread, failed } = judgeRow(row);
  if (contenders.length === 0) return `${input}: ${way}: not there`;
  const said = failed.map(({ name, reason }) => `; ${name}: ${reason}`).join('');
  return `${input}: ${way}: × defaults ${ratio(toDefault)}, × best ${ratio(toBest)}, ± ${ratio(spread)}, CPU ÷ ${ratio(cpu)} ± ${ratio(cpuSpread)}${said}`;
}

/** Prints what was measured with one Node. Returns what is not as it should be, a sentence each. */
export function printNode({ version, rows: measured, idle }) {
  const rows = measured.map(judgeRow);
  console.log(`\n## Node ${version}\n\n${markdownTable(HEAD, rows.map(cells))}`);
  for (const { input, way, failed, contenders } of rows) {
    const reasons = new Set(failed.map(({ name, reason }) => `${name}: ${reason}`));
    if (contenders.length === 0) console.log(`Not there: ${input}: ${way}`);
    else for (const reason of reasons) console.log(`FAILED: ${input}: ${way}: ${reason}`);
  }
  const below = rows.filter(isBelow).toSorted((a, b) => lowest(a) - lowest(b));
  if (below.length > 0) console.log(`\nBelow 1, the worst first:\n\n${markdownTable(HEAD, below.map(cells))}`);
  const verdicts = judgePromises(rows, idle);
  if (verdicts.length > 0) console.log(`\n${acceptanceTable(verdicts)}`);
  return [
    ...below.map((row) => `Node ${version}, ${row.input}: ${row.way}: ${ratio(lowest(row))} ± ${ratio(row.spread)}`),
    ...verdicts.filter(({ verdict }) => verdict === 'MISSED').map(({ what }) => `Node ${version}: missed: ${what}`),
  ];
}

/** The tables, and what is promised. */
import { verdictOn } from '../lib/acceptance.mjs';
import { median } from '../lib/metrics.mjs';
import { markdownTable } from '../lib/table.mjs';
import { judgeRow } from '../ways/judge.mjs';
import { latencyPromise } from './rows.mjs';

const MISSING = '–';

/** Missed by no more than equal things are apart is not missed. */
function verdictWithin(value, promise, spread) {
  const verdict = verdictOn(value, promise);
  if (verdict !== 'MISSED') return verdict;
  const kind = promise.sign === '≥' ? value * (1 + spread) : value / (1 + spread);
  return verdictOn(kind, promise) === 'MISSED' ? verdict : 'within the control';
}

const rate = ({ reports }) => median(reports.map(({ bytes, ns }) => bytes / ns)).toFixed(2);
const cpu = ({ reports }) => median(reports.map(({ cpuNs, bytes }) => cpuNs / bytes)).toFixed(2);
const ratio = (value) => value.toFixed(2);

function cells(row) {
  const { input, ours, node, best, toDefault, toBest, spread, cpu: cpuRatio, cpuSpread, isProgram } = row;
  const processor = isProgram ? [cpu(ours), MISSING, MISSING] : [cpu(ours), ratio(cpuRatio), ratio(cpuSpread)];
  const at = best === node ? 'default' : best.name;
  return [
    `${input}: ${ours.name} ÷ ${node.name}`,
    rate(ours),
    rate(node),
    ratio(toDefault),
    ratio(spread),
    ratio(toBest),
    at,
    ...processor,
  ];
}

function verdictsOf(row) {
  return row.promises.map((promise) => {
    const value = row[promise.of];
    const ofCpu = promise.of === 'cpu';
    const what = `${row.input}: ${row.ours.name} ÷ ${row.node.name}${ofCpu ? ', CPU' : ''}`;
    return { ...promise, what, value, verdict: verdictWithin(value, promise, ofCpu ? row.cpuSpread : row.spread) };
  });
}

function promiseTable(verdicts) {
  const head = ['', 'measured', 'at least', 'reach for', ''];
  const bar = ({ sign }, value) => `${sign} ${value}`;
  return markdownTable(
    head,
    verdicts.map((one) => [one.what, ratio(one.value), bar(one, one.required), bar(one, one.wanted), one.verdict]),
  );
}

/** What the loop over size(i) takes of all: the rest is the thread's, and what it is waited for. */
function sizeLoops(rows) {
  return rows.flatMap(({ input, ours }) => {
    const [first] = ours.reports;
    if (first.loopNs === undefined) return [];
    const of = (key) => (median(ours.reports.map((one) => one[key])) / 1e6).toFixed(1);
    return [`${input}: the loop over size(i) of ${first.records} records takes ${of('loopNs')} ms of ${of('ns')} ms`];
  });
}

/** Prints what was measured on one Node, and returns what is missed. */
export function printNode({ version, rows, latency }) {
  const judged = rows.map(judgeRow);
  const head = ['', 'GB/s', 'peer', '× peer', '± control', '× best', 'at', 'CPU s/GB', '÷ peer', '± control'];
  console.log(`\nNode ${version}\n\n${markdownTable(head, judged.map(cells))}\n`);
  for (const line of sizeLoops(judged)) console.log(line);

  const verdicts = judged.flatMap(verdictsOf);
  for (const { what, values, ratio: value, spread } of latency) {
    const [ours, ...raw] = values.map((time) => time.toFixed(1));
    console.log(`a line of 60 bytes every 200 µs, write → 'data', ${what}: ${ours} µs; bytes: ${raw.join(' and ')} µs`);
    const verdict = verdictWithin(value, latencyPromise, spread);
    verdicts.push({ ...latencyPromise, what: `write → 'data', ${what} ÷ bytes`, value, verdict });
  }
  console.log(`\n${promiseTable(verdicts)}`);
  const missed = verdicts.filter(({ verdict }) => verdict === 'MISSED');
  return missed.map(({ what, value }) => `${version}: ${what} is ${ratio(value)}`);
}

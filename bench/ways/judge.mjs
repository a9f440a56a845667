/** What the reports of a row say. Ratios are medians of those of the rounds: what else the machine did then is in both. */
import { median } from '../lib/metrics.mjs';
import { verdictOn } from '../lib/acceptance.mjs';

const rate = ({ bytes, ns }) => bytes / ns;
const cpu = ({ cpuNs, bytes }) => cpuNs / bytes;

const QUARTILE = 0.75;

function rounds(one, other, of = rate) {
  return one.reports.map((report, round) => of(report) / of(other.reports[round]));
}

const middle = (contender, of) => contender && median(contender.reports.map(of));

/** In three of four rounds, equal things were no further apart than this factor. */
function spreadOf(control, node, of = rate) {
  if (!control || !node) return 0;
  const apart = rounds(control, node, of).map((ratio) => Math.max(ratio, 1 / ratio));
  return apart.toSorted((a, b) => a - b)[Math.ceil(QUARTILE * apart.length) - 1] - 1;
}

/** Node's fastest size. Another one than its default is only taken for faster by more than equal things are apart. */
function bestOf(contenders, node, spread) {
  const faster = contenders.filter((one) => one.role === 'size' && median(rounds(one, node)) > 1 + spread);
  return faster.toSorted((a, b) => middle(b, rate) - middle(a, rate))[0] ?? node;
}

/** What is compared. `toDefault` and `toBest` are undefined where one of the two is missing. */
export function judgeRow(row) {
  const inRole = (role) => row.contenders.find((contender) => contender.role === role);
  const [ours, node, control] = ['slipring', 'default', 'control'].map(inRole);
  const spread = spreadOf(control, node);
  const best = node && bestOf(row.contenders, node, spread);
  const ratioTo = (other, of) => (ours && other ? median(rounds(ours, other, of)) : undefined);
  return {
    ...row,
    ours,
    node,
    best,
    toDefault: ratioTo(node),
    toBest: ratioTo(best),
    spread,
    cpu: ratioTo(node, cpu),
    cpuSpread: spreadOf(control, node, cpu),
  };
}

/** The lowest ratio of a judged row; 0 when Node can do what slipring cannot. */
export function lowest({ ours, node, toDefault, toBest }) {
  if (!ours) return node ? 0 : undefined;
  return node ? Math.min(toDefault, toBest) : undefined;
}

/** Whether it is below 1 by more than equal things are apart. */
export const isBelow = (row) => lowest(row) * (1 + row.spread) < 1;

function overIdle({ ours, contenders }, idle) {
  const large = contenders.find(({ name }) => name === 'node 2 MiB');
  const of = ({ peakRss }) => peakRss;
  return ours && large ? (middle(ours, of) - idle) / (middle(large, of) - idle) : undefined;
}

/** Beside the fastest of the C programs. */
function besideC({ ours, contenders }, of) {
  const [c] = contenders.filter(({ role }) => role === 'native').toSorted((a, b) => middle(b, rate) - middle(a, rate));
  return ours && c ? median(rounds(ours, c, of)) : undefined;
}

const LINES = /^(setEncoding|encoding|readline|split2)/;
const WEB = /^(toWeb\(\)|Response\(toWeb|fetch upload, toWeb)/;
const DEVICES = /^(fifo|pty)/;

const atLeast = (what, required, wanted, inputs, ways, value) => ({
  what,
  sign: '≥',
  required,
  wanted,
  inputs,
  ways,
  value,
});
const atMost = (what, required, wanted, inputs, ways, value) => ({
  what,
  sign: '≤',
  required,
  wanted,
  inputs,
  ways,
  value,
});

const toDefault = (row) => row.toDefault;

/** Of all the rows that a promise is about, the worst one counts. */
const promises = [
  atLeast('lines of text ÷ fs defaults', 1, 1.5, /^file$/, LINES, toDefault),
  atLeast("BYOB 1 MiB ÷ FileHandle's", 1.2, 1.5, /^file$/, /^BYOB/, toDefault),
  atLeast('toWeb(), Response and fetch of it ÷ fs defaults', 1.3, 3, /^file$/, WEB, toDefault),
  atLeast('4 KiB files, for await ÷ fs defaults', 1.2, 2, /^4KiB$/, /^for await$/, toDefault),
  atMost('8 at once, for await: RSS over idle ÷ fs 2 MiB', 0.8, 0.5, /^8-at-once$/, /^for await$/, overIdle),
  atLeast("FIFO and pty ÷ Node's sockets", 1, 1.2, DEVICES, /./, toDefault),
  atLeast('pipe to file ÷ C', 0.75, 0.95, /^file$/, /^pipe to file$/, (row) => besideC(row, rate)),
  atMost('pipe to file: CPU s/GB ÷ C', 1.3, 1.05, /^file$/, /^pipe to file$/, (row) => besideC(row, cpu)),
];

/** What was promised of rows that were measured. `idle`: what a Node that reads nothing takes. */
export function judgePromises(rows, idle) {
  return promises.flatMap(({ inputs, ways, value: valueOf, ...promise }) => {
    const values = rows
      .filter(({ input, way }) => inputs.test(input) && ways.test(way))
      .map((row) => valueOf(row, idle))
      .filter((value) => value !== undefined);
    if (values.length === 0) return [];
    const value = promise.sign === '≥' ? Math.min(...values) : Math.max(...values);
    return [{ ...promise, value, verdict: verdictOn(value, promise) }];
  });
}

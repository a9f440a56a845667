/** Tables as Markdown, which reads well in a terminal too. */
import { best, fsDefaultOf, fsOf, ratio } from './compare.mjs';
import { metrics } from './metrics.mjs';

const MISSING = '–';

/** With so many digits after the point, or with two that say something. */
function number(value, digits) {
  if (value === undefined) return MISSING;
  return value !== 0 && Math.abs(value) < 10 ** (1 - digits) ? value.toPrecision(2) : value.toFixed(digits);
}

/** `rows` of text; the first column is aligned left, the others right. */
export function markdownTable(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** The first column says how far the runs are apart, the others only their median. */
function cells({ metrics: measured }, columns) {
  return columns.flatMap((key, column) => {
    const { digits } = metrics[key];
    const found = measured[key];
    const middle = number(found?.median, digits);
    if (column > 0) return [middle];
    return [
      middle,
      found ? `${number(Math.min(...found.runs), digits)} to ${number(Math.max(...found.runs), digits)}` : MISSING,
    ];
  });
}

export function caseTable({ columns, contenders }) {
  const [first] = columns;
  const titles = columns.map((key) => metrics[key].title);
  const head = ['', titles[0], 'min to max', ...titles.slice(1), '× fs default', '× fs best'];
  const rows = contenders.map((contender) => {
    const { group, role } = contender;
    const others =
      role === 'idle' ? [undefined, undefined] : [fsDefaultOf(contenders, group), best(fsOf(contenders, group), first)];
    return [
      contender.name,
      ...cells(contender, columns),
      ...others.map((other) => number(ratio(contender, other, first), 2)),
    ];
  });
  return markdownTable(head, rows);
}

export function acceptanceTable(verdicts) {
  const head = ['', 'measured', 'required', 'wanted', ''];
  const rows = verdicts.map(({ what, value, sign, required, wanted, verdict }) => [
    what,
    number(value, 2),
    `${sign} ${required}`,
    `${sign} ${wanted}`,
    verdict,
  ]);
  return markdownTable(head, rows);
}

/** A snapshot as lines of text. */
import type { ViewedStream, ViewSnapshot } from '../../view';
import { showSize } from '../values';

const RING = 8;
const CELLS = { lent: '▓', ready: '█', filling: '▒', free: '░' } as const;
const LEGEND = Object.entries(CELLS)
  .map(([state, cell]) => `${cell} ${state}`)
  .join('  ');

/** A name may hold what moves the cursor. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** The end of a path says more than its beginning. */
function cutBegin(text: string, columns: number): string {
  return text.length <= columns ? text : `…${text.slice(text.length - columns + 1)}`;
}

function ringOf({ stats, slotsFilling }: ViewedStream): string {
  const { slots, slotsLent, slotsReady } = stats;
  const width = Math.min(slots, RING);
  const cells = Array.from({ length: width }, (_, i) => {
    const slot = Math.floor((i * slots) / width);
    if (slot < slotsLent) return CELLS.lent;
    if (slot < slotsLent + slotsReady) return CELLS.ready;
    return slot < slotsLent + slotsReady + slotsFilling ? CELLS.filling : CELLS.free;
  });
  return `${cells.join('')} ${slotsReady}/${slots}`;
}

/** Nanoseconds for a person. */
function showTime(nanoseconds: number): string {
  if (nanoseconds < 1e6) return `${Math.round(nanoseconds / 1e3)} µs`;
  return nanoseconds < 1e9 ? `${Math.round(nanoseconds / 1e6)} ms` : `${(nanoseconds / 1e9).toFixed(1)} s`;
}

function lostOf({ stats, counts }: ViewedStream): string {
  const { droppedChunks, droppedBytes, lostFiles } = stats;
  if (droppedChunks + droppedBytes + lostFiles + counts.gaps === 0) return '0';
  if (droppedChunks > 0) return String(droppedChunks);
  if (lostFiles > 0) return `${lostFiles} files`;
  return droppedBytes > 0 ? showSize(droppedBytes) : 'some';
}

interface Column {
  title: string;
  width: number;
  text: (stream: ViewedStream) => string;
}

/** Behind the name, what matters most first: what does not fit is left out. */
const COLUMNS: readonly Column[] = [
  { title: 'RATE', width: 10, text: ({ rate }) => `${showSize(rate)}/s` },
  { title: 'RING', width: 14, text: ringOf },
  { title: 'LOST', width: 8, text: lostOf },
  { title: 'BYTES', width: 8, text: ({ stats }) => showSize(stats.bytesDelivered) },
  { title: 'P99', width: 7, text: ({ latency }) => (latency ? showTime(latency.p99) : '–') },
  { title: 'MAX', width: 7, text: ({ latency }) => (latency ? showTime(latency.max) : '–') },
  { title: 'STALLS', width: 6, text: ({ counts }) => String(counts.stalls) },
];

const NAME_LEAST = 16;
const NAME_MOST = 48;

function reasonOf({ error, waiting }: ViewedStream): string {
  if (error === null) return waiting;
  // Of the system's errors the message begins with it.
  const code = error.code === null || error.message.startsWith(error.code) ? '' : ` (${error.code})`;
  return plain(error.message + code);
}

/** As many lines as `rows` at most, each of `columns` characters at most. */
export function pictureOf({ program, streams, others }: ViewSnapshot, columns: number, rows: number): string[] {
  const shown: Column[] = [];
  let name = columns;
  for (const column of COLUMNS) {
    if (name - column.width - 2 < NAME_LEAST) break;
    name -= column.width + 2;
    shown.push(column);
  }
  name = Math.min(name, NAME_MOST);
  const line = (first: string, text: (column: Column) => string): string =>
    cut([first.padEnd(name), ...shown.map((column) => text(column).padStart(column.width))].join('  '), columns);
  const open = streams.filter(({ until }) => until === null).length + others;
  const lines = [
    cut(`pid ${program.pid}, Node ${program.node}, ${open} open: ${plain(program.command)}`, columns),
    cut(LEGEND, columns),
    '',
    line('STREAM', ({ title }) => title),
  ];
  const room = rows - lines.length;
  // Of each why it waits, if that leaves room for all.
  const each = streams.length * 2 <= room ? 2 : 1;
  const fitting =
    streams.length * each <= room && others === 0 ? streams.length : Math.max(0, Math.floor(room / each) - 1);
  for (const stream of streams.slice(0, fitting)) {
    lines.push(line(cutBegin(plain(stream.name), name), ({ text }) => text(stream)));
    if (each === 2) lines.push(cut(`  ${reasonOf(stream)}`, columns));
  }
  const left = streams.length - fitting + others;
  if (left > 0 && room > 0) lines.push(cut(`… and ${left} more`, columns));
  return lines;
}

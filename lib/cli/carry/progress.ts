/** The line that shows how it goes. */
import { showSize } from '../values';
import type { Figures } from './figures';
import { lossesOf } from './losses';

const BAR = 20;
const RING = 8;

function clock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How much of it is done, and when it will be; nothing where nobody knows how much it is. */
function endOf({ bytes, rate }: Figures, total: number | undefined): string[] {
  if (total === undefined || total === 0 || bytes > total) return [];
  const share = bytes / total;
  const done = Math.round(share * BAR);
  const bar = `[${'='.repeat(done)}${' '.repeat(BAR - done)}] ${Math.floor(share * 100)} %`;
  return rate > 0 && bytes < total ? [bar, `ETA ${clock((total - bytes) / rate)}`] : [bar];
}

/** ██░░ 2/4: how much of the ring waits to be written. */
function ringOf({ slots, slotsReady }: Figures): string {
  const width = Math.min(slots, RING);
  const full = slots === 0 ? 0 : Math.ceil((slotsReady / slots) * width);
  return `ring ${'█'.repeat(full)}${'░'.repeat(width - full)} ${slotsReady}/${slots}`;
}

/** As much as fits into `columns`: what matters most is first. `now`: bytes a second at present. */
export function progressLine(
  figures: Figures,
  now: number,
  total: number | undefined,
  unit: string,
  columns: number,
): string {
  const { bytes, seconds, producerWaits } = figures;
  const lost = lossesOf(figures, unit);
  const parts = [
    `${showSize(bytes)} ${clock(seconds)} ${showSize(now)}/s`,
    ...(lost === '' ? [] : [`lost ${lost}`]),
    ...endOf(figures, total),
    ringOf(figures),
    `${producerWaits} waits`,
  ];
  let line = '';
  for (const part of parts) {
    if (line.length + 2 + part.length < columns) line += line === '' ? part : `  ${part}`;
  }
  return line;
}

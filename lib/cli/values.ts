/** Arguments of options, as the system's own tools take them. Each is undefined for what makes no sense. */

const POWERS = 'KMGT';

/** Bytes: 1000, 64K and 64KiB (of 1024), 64KB (of 1000), 1.5G. */
export function sizeOf(text: string): number | undefined {
  const [, number, unit, suffix] = /^(\d+(?:\.\d+)?)([kKMGT]?)(iB|B)?$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  const base = suffix === 'B' && unit !== '' ? 1000 : 1024;
  const size = Math.round(Number(number) * base ** (POWERS.indexOf((unit as string).toUpperCase() || ' ') + 1));
  return Number.isSafeInteger(size) ? size : undefined;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What a timer of Node's can wait. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds: 500ms, 10s, 10, 5m, 2h, 1d. */
export function durationOf(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  const time = Number(number) * (UNITS[unit] as number);
  return time > 0 && time <= LONGEST ? time : undefined;
}

export function countOf(text: string): number | undefined {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Bytes for a person: 1.2 GB. */
export function showSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let power = 0;
  while (bytes >= 999.5 && power < units.length - 1) {
    bytes /= 1000;
    power++;
  }
  return `${power === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[power]}`;
}

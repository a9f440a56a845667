/** Numbers for people. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const NS = ['ns', 'µs', 'ms', 's'];

/** Three digits, and the unit that fits. */
function scaled(value: number, units: readonly string[]): string {
  let power = 0;
  while (value >= 999.5 && power < units.length - 1) {
    value /= 1000;
    power++;
  }
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[power]}`;
}

export const size = (bytes: number): string => scaled(bytes, UNITS);
export const rate = (bytes: number): string => `${scaled(bytes, UNITS)}/s`;
export const nanoseconds = (value: number): string => scaled(value, NS);
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const count = (value: number): string => value.toLocaleString('en');

/** `1 chunk`, `2 chunks` */
export const several = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

/** The time of day. */
export const clock = (time: number): string => new Date(time).toLocaleTimeString('en-GB');

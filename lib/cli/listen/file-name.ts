/** Names of files with the time in them, as `date` and `tcpdump` have it. */

const two = (number: number): string => String(number).padStart(2, '0');

function dayOfYear(time: Date): number {
  const first = Date.UTC(time.getFullYear(), 0, 1);
  return (Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) - first) / 86_400_000 + 1;
}

/** In local time. */
const FIELDS: Record<string, (time: Date) => string> = {
  Y: (time) => String(time.getFullYear()),
  m: (time) => two(time.getMonth() + 1),
  d: (time) => two(time.getDate()),
  H: (time) => two(time.getHours()),
  M: (time) => two(time.getMinutes()),
  S: (time) => two(time.getSeconds()),
  j: (time) => String(dayOfYear(time)).padStart(3, '0'),
  s: (time) => String(Math.floor(time.getTime() / 1000)),
  '%': () => '%',
};

/** What is behind a percent sign and means nothing; undefined when there is no such thing. */
export function strangeField(pattern: string): string | undefined {
  return [...pattern.matchAll(/%(.?)/gs)]
    .map(([, field]) => field as string)
    .find((field) => !Object.hasOwn(FIELDS, field));
}

export function fileName(pattern: string, time: Date): string {
  return pattern.replace(/%(.)/gs, (_, field: string) => (FIELDS[field] as (time: Date) => string)(time));
}

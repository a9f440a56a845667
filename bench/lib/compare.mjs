/** Finds contenders in the results of a run, and compares them. */
import { metrics } from './metrics.mjs';

/** The contender of `contenders` with the best median. */
export function best(contenders, metric) {
  const measured = contenders.filter((contender) => contender.metrics[metric]);
  const sign = metrics[metric].better === 'more' ? -1 : 1;
  return measured.toSorted((a, b) => sign * (a.metrics[metric].median - b.metrics[metric].median))[0];
}

/** The contenders that `fs` has in a group, whatever their highWaterMark. */
export function fsOf(contenders, group) {
  return contenders.filter((one) => one.group === group && (one.role === 'fs' || one.role === 'fs default'));
}

export function fsDefaultOf(contenders, group) {
  return contenders.find((one) => one.group === group && one.role === 'fs default');
}

/** How many times the one's median is the other's; undefined when one of them was not measured. */
export function ratio(one, other, metric) {
  const a = one?.metrics[metric]?.median;
  const b = other?.metrics[metric]?.median;
  return a === undefined || b === undefined || b === 0 ? undefined : a / b;
}

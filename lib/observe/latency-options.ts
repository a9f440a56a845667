/** What a latency monitor is asked for. */
import { invalidArgType } from '../errors';
import { copyOf, validateInteger } from '../options';
import type { LatencyOptions } from '../ring';

const HOUR_NS = 3_600_000_000_000;

/** The options of `stream.monitorLatency()`, checked, with nothing left open. */
export function resolveLatencyOptions(given: LatencyOptions): Required<{ [Name in keyof LatencyOptions]: number }> {
  if (typeof given !== 'object' || given === null) throw invalidArgType('options', 'of type object', given);
  const { lowest = 1, highest = HOUR_NS, figures = 2 } = copyOf(given);
  validateInteger(lowest, 'options.lowest', 1, Number.MAX_SAFE_INTEGER / 2 - 1);
  validateInteger(highest, 'options.highest', 2 * lowest);
  validateInteger(figures, 'options.figures', 1, 5);
  return { lowest, highest, figures };
}

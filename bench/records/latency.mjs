/** How soon a line arrives that is written into a FIFO: as a record in 'data', beside our own bytes there, twice. */
import { quantile, runReaders } from '../lib/devices.mjs';

const READERS = ['slipring, records', 'slipring', 'slipring'];
const PAUSE_MICROSECONDS = 200;

/** For the median and the 99th percentile: { what, values: [ours, raw, raw again], ratio, spread }. */
export async function measureLatency(node, runs, messages, places) {
  const all = READERS.map(() => []);
  for (let run = 0; run < runs; run++) {
    // All read at once, from one writer that writes in an order that changes: what else the machine does delays all.
    const results = await runReaders(READERS, 'fifo', 'lines', [messages, PAUSE_MICROSECONDS], { ...places, node });
    for (const [i, { microseconds }] of results.entries()) all[i].push(...microseconds);
  }
  return [
    ['median', 0.5],
    ['p99', 0.99],
  ].map(([what, share]) => {
    const values = all.map((times) => quantile(Float64Array.from(times), share));
    const [ours, raw, again] = values;
    return { what, values, ratio: (2 * ours) / (raw + again), spread: Math.max(raw, again) / Math.min(raw, again) - 1 };
  });
}

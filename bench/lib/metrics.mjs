/** What is measured: each metric is a number made of one run's report, and summarized over all runs. */

function perByte(value, { bytes }) {
  return bytes > 0 ? value / bytes : undefined;
}

/** Bytes per nanosecond are gigabytes per second. MB and GB are powers of ten. */
export const metrics = {
  gbPerSecond: {
    title: 'GB/s',
    better: 'more',
    digits: 2,
    of: ({ bytes, ns }) => (bytes > 0 ? bytes / ns : undefined),
  },
  cpuPerGb: { title: 'CPU s/GB', better: 'less', digits: 3, of: (run) => perByte(run.cpuNs, run) },
  peakRss: { title: 'peak RSS, MB', better: 'less', digits: 1, of: (run) => run.peakRss / 1e6 },
  overIdle: { title: 'over idle, MB', better: 'less', digits: 1, of: (run, idleRss) => (run.peakRss - idleRss) / 1e6 },
  overIdleAndRing: {
    title: 'over idle and ring, MB',
    better: 'less',
    digits: 1,
    of: (run, idleRss) => (run.peakRss - idleRss - run.ringBytes) / 1e6,
  },
  chunksPerSecond: { title: '1000 chunks/s', better: 'more', digits: 0, of: (run) => (run.chunks / run.ns) * 1e6 },
  firstByteP50: { title: 'median, µs', better: 'less', digits: 0, of: (run) => run.firstByteP50Ns / 1000 },
  firstByteP99: { title: 'p99, µs', better: 'less', digits: 0, of: (run) => run.firstByteP99Ns / 1000 },
  delayP99: { title: 'p99, ms', better: 'less', digits: 2, of: (run) => run.delayP99Ms },
  delayMax: { title: 'max, ms', better: 'less', digits: 1, of: (run) => run.delayMaxMs },
};

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Digits enough for any use of them. */
function rounded(value) {
  return Number(value.toPrecision(6));
}

/** The metrics in `columns` of each contender, whose reports `samples` has. */
export function summarize(samples, columns) {
  const idle = [...samples].find(([{ role }]) => role === 'idle');
  const idleRss = idle && median(idle[1].map(({ peakRss }) => peakRss));
  return [...samples].map(([{ name, role, group = '' }, reports]) => {
    const measured = {};
    for (const key of columns) {
      const runs = reports
        .map((report) => metrics[key].of(report, idleRss))
        .filter(Number.isFinite)
        .map(rounded);
      if (runs.length > 0) measured[key] = { median: rounded(median(runs)), runs };
    }
    return { name, role, group, metrics: measured };
  });
}

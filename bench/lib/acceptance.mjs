/** What slipring promises, as ratios of medians: `required` must be kept, `wanted` is where it should be. */
import { best, fsDefaultOf, fsOf, ratio } from './compare.mjs';

/** The contenders of one case, and how to find those that the promises speak of. */
class Measured {
  #contenders;

  constructor(results, caseName) {
    this.#contenders = results.cases.find(({ name }) => name === caseName)?.contenders ?? [];
  }

  named(name) {
    return this.#contenders.find((contender) => contender.name === name);
  }

  inRole(role) {
    return this.#contenders.filter((contender) => contender.role === role);
  }

  fsDefault(group = '') {
    return fsDefaultOf(this.#contenders, group);
  }

  fsBest(metric, group = '') {
    return best(fsOf(this.#contenders, group), metric);
  }
}

function throughput(what, required, wanted, [caseName, name], other) {
  const value = (results) => {
    const measured = new Measured(results, caseName);
    return ratio(measured.named(name), other(measured), 'gbPerSecond');
  };
  return { what, sign: '≥', required, wanted, value };
}

const slots = ['count', 'slipring, slots()'];
const owned = ['count', 'slipring, for await'];
const tcp = ['tcp', 'slipring'];
const file = ['file', 'slipring'];

const fsDefault = (group) => (measured) => measured.fsDefault(group);
const fsBest = (group) => (measured) => measured.fsBest('gbPerSecond', group);
const cBest = (measured) => best(measured.inRole('native'), 'gbPerSecond');

function cpuAgainstFs(results) {
  const measured = new Measured(results, 'count');
  return ratio(measured.named('slipring, slots()'), measured.fsBest('cpuPerGb', 'data'), 'cpuPerGb');
}

function memoryOverRing(results) {
  return new Measured(results, 'memory').named('slipring pattern, slots()')?.metrics.overIdleAndRing?.median;
}

function worstDelay(results) {
  const delays = new Measured(results, 'event-loop-delay').inRole('slipring').map(({ metrics }) => metrics.delayP99);
  return delays.length === 0 ? undefined : Math.max(...delays.map(({ median }) => median));
}

const promises = [
  throughput("slots() count ÷ fs defaults, 'data'", 5, 8, slots, fsDefault('data')),
  throughput("slots() count ÷ fs at its best highWaterMark, 'data'", 1.6, 2.5, slots, fsBest('data')),
  throughput('slots() count ÷ C read() at its best buffer size', 0.7, 0.9, slots, cBest),
  throughput('for await, owned ÷ fs defaults, for await', 2.5, 4, owned, fsDefault('for await')),
  throughput('for await, owned ÷ fs at its best, for await', 1.1, 1.5, owned, fsBest('for await')),
  throughput('pipe to TCP ÷ fs defaults', 2.5, 4, tcp, fsDefault('')),
  throughput('pipe to TCP ÷ fs at its best', 1.15, 1.5, tcp, fsBest('')),
  throughput('pipe to file ÷ fs defaults', 1.4, 2.2, file, fsDefault('')),
  throughput('pipe to file ÷ fs at its best', 1.1, 1.3, file, fsBest('')),
  {
    what: 'CPU seconds per GB: slots() count ÷ fs at its best',
    sign: '≤',
    required: 0.6,
    wanted: 0.4,
    value: cpuAgainstFs,
  },
  { what: 'peak RSS of slots() over idle node and ring, MB', sign: '≤', required: 8, wanted: 3, value: memoryOverRing },
  {
    what: 'event-loop delay p99 at full rate, worst way to read, ms',
    sign: '≤',
    required: 10,
    wanted: 2,
    value: worstDelay,
  },
];

export function verdictOn(value, { sign, required, wanted }) {
  if (value === undefined) return 'not measured';
  const keeps = (bar) => (sign === '≥' ? value >= bar : value <= bar);
  if (keeps(wanted)) return 'reached';
  return keeps(required) ? 'kept' : 'MISSED';
}

export function judge(results) {
  return promises.map(({ value: valueOf, ...promise }) => {
    const value = valueOf(results);
    return { ...promise, value, verdict: verdictOn(value, promise) };
  });
}

/** What is compared with what, and what is promised of it. `reach` is where it should be. */
const KIB = 1024;

/** Among these "readline over fs at its best size" is looked for, besides its default. */
const SIZES = [16 * KIB, 256 * KIB, 1024 * KIB];

const atLeast = (required, reach, of = 'toBest') => ({ sign: '≥', required, wanted: reach, of });
const atMost = (required, reach, of) => ({ sign: '≤', required, wanted: reach, of });

const text = (input) => [
  {
    input,
    ours: 'lines()',
    peer: 'readline, for await',
    sizes: SIZES,
    promises: [atLeast(2.5, 4), atMost(0.5, 0.3, 'cpu')],
  },
  { input, ours: 'lines()', peer: "readline, 'line'", sizes: SIZES, promises: [atLeast(1.8, 3)] },
  { input, ours: 'batches(), strings()', peer: 'readline, for await', sizes: SIZES, promises: [atLeast(5, 8)] },
  // The processor time of a program is not that of the process that measures.
  { input, ours: 'batches(), size(i)', peer: 'wc -l', promises: [atLeast(0.8, 1.5)], isProgram: true },
];

export const rows = [
  ...text('lines'),
  ...text('log'),
  { input: 'packets', ours: 'batches() of 188', peer: 'slots()', promises: [atLeast(0.9, 1)] },
  { input: 'prefixed', ours: 'batches() of u32', peer: 'slots()', promises: [atLeast(0.9, 1)] },
];

/** Of records in 'data', beside our own bytes there: of the median, and of the 99th percentile. */
export const latencyPromise = atMost(1.05, 1);

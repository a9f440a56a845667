/** Measures the rows of the matrix: each is an input that is read in one way, by all readers in turns. */
import path from 'node:path';

import { sizeName } from '../lib/readers.mjs';
import { report } from '../lib/run-once.mjs';
import { ways } from './index.mjs';
import { inputs } from './inputs.mjs';
import { readersOf } from './readers.mjs';

const CHILD = path.join(import.meta.dirname, 'child.mjs');

/** The rows that the options ask for, in the order of the tables. */
export function rowsOf(options) {
  return Object.entries(inputs)
    .filter(([name]) => options.inputs.test(name))
    .flatMap(([input, { ways: names }]) => names.map((way) => ({ input, way })))
    .filter(({ way }) => options.only.test(way));
}

/** How much memory Node takes that has loaded the ways, and reads nothing. */
export async function idleRss(node) {
  return (await report(node, [CHILD, '{}'])).peakRss;
}

function contendersOf(row, node, { programs, workspace, times, bytes }) {
  const way = ways.get(row.way);
  const file = workspace.input(bytes, 'lines');
  const read = (reader) => () => {
    const context = { path: file, folder: workspace.outputs(), programs };
    const given = JSON.stringify({ ...row, reader, times, bytes, context });
    return report(node, [...(way.flags ?? []), CHILD, given]);
  };
  const readers = readersOf(inputs[row.input].kind, way).map((reader) => ({ ...reader, run: read(reader) }));
  if (!way.program || row.input !== 'file') return readers;
  const { name, sizes } = way.program;
  const inC = (size) => () =>
    report(path.join(programs, name), [file, path.join(workspace.outputs(), 'output'), String(size)]);
  return [...readers, ...sizes.map((size) => ({ name: `C ${sizeName(size)}`, role: 'native', run: inC(size) }))];
}

/** The row with a list of reports for each contender; what failed has none, and `failed` says why. */
export async function measureRow(row, node, { size, runs }, environment) {
  const { share = 1 } = ways.get(row.way);
  const { times, bytes } = inputs[row.input].shape(size * share);
  const contenders = contendersOf(row, node, { ...environment, times, bytes });
  const reports = new Map(contenders.map(({ name }) => [name, []]));
  const failed = [];
  for (let round = 0; round < runs; round++) {
    // Every other round backwards: nobody always comes after the same one.
    for (const { name, run } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      if (!reports.has(name)) continue;
      try {
        reports.get(name).push(await run());
      } catch (error) {
        failed.push({ name, reason: error.message });
        reports.delete(name);
      }
    }
  }
  const measured = contenders
    .filter(({ name }) => reports.has(name))
    .map(({ name, role }) => ({ name, role, reports: reports.get(name) }));
  return { ...row, times, bytes, contenders: measured, failed };
}

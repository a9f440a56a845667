/** Measures a row: ours, the peer, the peer once more as the control, and the peer with other sizes, in turns. */
import path from 'node:path';

import { content, LINE } from '../lib/content.mjs';
import { sizeName } from '../lib/readers.mjs';
import { report } from '../lib/run-once.mjs';

const CHILD = path.join(import.meta.dirname, 'child.mjs');

/** How many bytes of each input, in whole records. */
const sizes = {
  lines: () => 1_200_000 * LINE,
  log: () => 16 * content.log().length,
  packets: () => 150 * content.packets().length,
  prefixed: () => 150 * content.prefixed().length,
};

export function makeInputs(workspace, names) {
  return new Map([...new Set(names)].map((name) => [name, workspace.input(sizes[name](), name)]));
}

function contendersOf({ ours, peer, sizes: others = [] }) {
  const isOurs = !peer.startsWith('readline') && peer !== 'wc -l';
  const theirs = { way: peer, slipring: isOurs };
  return [
    { name: ours, role: 'slipring', given: { way: ours, slipring: true } },
    { name: peer, role: 'default', given: theirs },
    { name: `${peer}, again`, role: 'control', given: theirs },
    ...others.map((size) => ({ name: sizeName(size), role: 'size', given: { ...theirs, highWaterMark: size } })),
  ];
}

/** Those that tell have to have found the same. */
function check(contenders) {
  for (const key of ['records', 'amount']) {
    const found = contenders.flatMap(({ reports }) => reports.map((one) => one[key])).filter((n) => n !== undefined);
    if (new Set(found).size > 1) throw new Error(`They differ in ${key}: ${[...new Set(found)].join(', ')}`);
  }
}

/** The row, with a list of reports for each contender. */
export async function measureRow(row, node, runs, inputs) {
  const contenders = contendersOf(row).map((contender) => ({ ...contender, reports: [] }));
  for (let round = 0; round < runs; round++) {
    // Every other round backwards: nobody always comes after the same one.
    for (const { given, reports } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      reports.push(await report(node, [CHILD, JSON.stringify({ ...given, path: inputs.get(row.input) })]));
    }
  }
  check(contenders);
  return { ...row, contenders };
}

/**
 * The command `slipring` beside the programs that people have for the same.
 *
 *   node bench/command.mjs [--size 1G] [--runs 5] [--only copy|listen|tail] [--rate 100000] [--rotations 2000] [--check]
 *
 * Whole processes, their start included, which take turns. With --check the exit code is 1 when a promise is not kept.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { copying } from './command/copying.mjs';
import { listening } from './command/listening.mjs';
import { tailing } from './command/tailing.mjs';
import { parseRuns, parseSize } from './lib/command-line.mjs';
import { busyShare, describeMachine, TOO_BUSY } from './lib/machine.mjs';
import { buildPrograms } from './lib/native.mjs';
import { markdownTable } from './lib/table.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1G' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    rate: { type: 'string', default: '100000' },
    rotations: { type: 'string', default: '2000' },
    check: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync('/dev/shm/slipring-command-');
const context = {
  folder,
  programs: buildPrograms(),
  slipring: [process.execPath, path.join(import.meta.dirname, '..', 'dist', 'cli', 'main.js')],
  size: parseSize(values.size),
  runs: parseRuns(values.runs),
  rate: Number(values.rate),
  rotations: Number(values.rotations),
};
const parts = { copy: copying, listen: listening, tail: tailing };

const busy = await busyShare();
if (busy > TOO_BUSY) console.log(`Others use ${Math.round(busy * 100)} % of the processors.`);
const { cpu, cores, kernel, node } = describeMachine();
console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${node}; medians of ${context.runs}\n`);
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (!name.includes(values.only)) continue;
    const { tables, promises } = await measure(context);
    for (const { title, head, rows } of tables) console.log(`${title}\n\n${markdownTable(head, rows)}\n`);
    for (const { what, isKept } of promises) {
      console.log(`${what}: ${isKept ? 'kept' : 'NOT KEPT'}`);
      if (values.check && !isKept) process.exitCode = 1;
    }
    console.log();
  }
} finally {
  rmSync(folder, { recursive: true });
}

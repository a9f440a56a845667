// Carries a file into another file, over a TCP connection, and through `for await`, with slipring and with node:fs.
// It checks that what arrived is what was there, and prints what each took.
//
//   npm start [-- [--rounds N] [--chunk-size BYTES] [FILE]]
//
// FILE is the running node executable unless it is given. The exit code is 1 when anything arrived changed.
import { mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { hashOf } from './hash.mjs';
import { showProgress } from './progress.mjs';
import { startReceivers } from './receiver.mjs';
import { printReport } from './report.mjs';
import { runInChild } from './run.mjs';

const JOBS = ['copy', 'send', 'iterate'];
const READERS = ['slipring', 'node:fs'];

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, 'chunk-size': { type: 'string' } },
    allowPositionals: true,
  });
  const [rounds, chunkSize] = [values.rounds, values['chunk-size']].map((text) => text && Number(text));
  for (const number of [rounds, chunkSize]) {
    if (number !== undefined && !(Number.isInteger(number) && number > 0)) throw new Error('N and BYTES are 1 or more');
  }
  // npm runs its scripts in the package's folder and says here where it was called.
  const [file = process.execPath] = positionals;
  return { rounds, chunkSize, file: resolve(process.env.INIT_CWD ?? '.', file) };
}

/** This also brings the file into the page cache, as far as it fits, for all that follow alike. */
async function hashOriginal(file) {
  try {
    if (!(await stat(file)).isFile()) throw new Error('it is not a regular file, which can be read again and again');
    return await hashOf(file);
  } catch (error) {
    throw new Error(`cannot read ${file}: ${error.message}`, { cause: error });
  }
}

/** A folder that is gone when this process is, also when a signal ends it. */
function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'slipring-carry-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  return folder;
}

/** Every job with every reader, `rounds` times. The readers take turns in going first, and nothing runs beside them. */
function plan(rounds) {
  const order = (round) => (round % 2 === 0 ? READERS : [...READERS].reverse());
  return Array.from({ length: rounds }, (_, round) =>
    JOBS.flatMap((job) => order(round).map((reader) => ({ job, reader }))),
  ).flat();
}

async function main() {
  const { rounds, chunkSize, file } = readArguments();
  const original = await hashOriginal(file);
  const folder = temporaryFolder();
  const receivers = await startReceivers();
  const runs = plan(rounds);
  // Each run reads the file twice, see child.mjs.
  const progress = showProgress(runs.length, 2 * original.bytes);
  const results = [];
  try {
    for (const { job, reader } of runs) {
      const task = { job, reader, file, chunkSize, copy: join(folder, 'copy'), ports: receivers.ports };
      const result = await runInChild(task, progress.follow(`${job}, ${reader}`));
      results.push({
        ...result,
        job,
        reader,
        same: result.bytes === original.bytes && result.sha256 === original.sha256,
      });
    }
  } finally {
    progress.stop();
    receivers.close();
  }
  printReport({ file, rounds, chunkSize, original, results, jobs: JOBS, readers: READERS });
  if (results.some(({ same }) => !same)) process.exitCode = 1;
}

main().catch((error) => {
  console.error(`carry: ${error.message}`);
  process.exitCode = 1;
});

/** What docs/monitoring.md shows runs as it stands, and prints what it says. */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { blocksOf, printedBy } from '../sdk/helpers/page';
import { NAMES } from './helpers/listening';

const root = path.join(__dirname, '..', '..', '..');
const page = path.join(root, 'docs', 'monitoring.md');
const blocks = blocksOf(page);

describe('docs/monitoring.md', () => {
  let folder = '';

  // Inside the package, whose name the examples import, as they do those that it is tested with.
  before(() => {
    mkdirSync(path.join(root, 'build'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'build', 'monitoring-page-'));
    for (const { file, code } of blocks) writeFileSync(path.join(folder, file as string), code);
    writeFileSync(path.join(folder, 'app.log'), 'one\ntwo\n');
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('has a row for each channel', () => {
    const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `slipring:stream:(\w+)` /gm)].map(([, name]) => name);
    assert.deepEqual(rows.sort(), [...NAMES].sort());
  });

  it('has no block that nobody runs', () => {
    for (const { file, code } of blocks) {
      const isUsed = blocks.some((other) => other.code.includes(`'./${file ?? ''}'`));
      assert.ok(isUsed || code.includes('\n// prints'), file);
    }
  });

  for (const { file, code } of blocks) {
    if (!code.includes('\n// prints')) continue;
    it(`${file ?? ''} prints what it says`, async () => {
      const { lines, anyOrder } = printedBy(code);
      const run = promisify(execFile)(process.execPath, [file as string], { cwd: folder, timeout: 30_000 });
      const { stdout, stderr } = await run;
      assert.equal(stderr, '');
      const printed = stdout.trimEnd().split('\n');
      if (anyOrder) for (const list of [printed, lines]) list.sort();
      assert.deepEqual(printed, lines);
    });
  }
});

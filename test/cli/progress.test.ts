/** What `slipring` shows while it carries. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { manifest, root, run } from './helpers/command';
import { carry } from './helpers/running';

const LENGTH = 1_000_000;
const LAST_LINE = /^1\.0 MB 0:0\d \S+ \wB\/s {2}\[={20}\] 100 % {2}ring ░+ 0\/\d+ {2}\d+ waits$/m;

describeWhere(!onWindows, 'there is no socat')('the progress of slipring', () => {
  const temporary = temporaryFolder();
  let file = '';

  before(() => {
    file = temporary.fill('file', LENGTH);
  });

  /** Runs it in a terminal; what it shows there. */
  function inTerminal(...args: string[]): string {
    const main = path.join(root, manifest.bin.slipring);
    const script = temporary.write('in-terminal.sh', `exec '${process.execPath}' '${main}' ${args.join(' ')}\n`);
    return run('socat', ['-u', `exec:sh ${script},pty,stderr,rawer`, '-'], root).stdout;
  }

  it('is a line with --progress, and an object a second with --stats json, the last one with all of it', async () => {
    const stats = temporary.path('stats');
    const shown = ['--progress', '--stats', `json=${stats}`];
    const { code, stderr } = await carry(root, 'copy', file, 'null:', ...shown, '-L', '700K');
    assert.equal(code, 0);
    assert.match(stderr, LAST_LINE);
    // One of the first second, when there was more to come.
    assert.match(stderr, /^\d+ kB 0:01 .*\[=+ +\] \d\d % {2}ETA 0:0\d {2}ring /m);
    const objects = readFileSync(stats, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const last = objects.pop();
    assert.equal(last?.done, true);
    assert.equal(last.bytes, LENGTH);
    assert.equal(last.total, LENGTH);
    assert.ok(objects.length > 0);
    for (const { done, bytes } of objects) assert.ok(done === false && (bytes as number) < LENGTH);
  });

  itWithPackagesOfLinux({ socat: 'socat' })('shows by itself where a terminal is, and there with -q not at all', () => {
    assert.match(inTerminal('copy', file, 'null:').replaceAll('\r\x1b[K', '\n'), LAST_LINE);
    assert.equal(inTerminal('copy', file, 'null:', '-q'), '');
  });
});

/** What `slipring` shows while it carries. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { manifest, root, run } from './helpers/command';
import { start } from './helpers/running';

const LENGTH = 1_000_000;
const HALF = /^500 kB \d:\d\d \S+ k?B\/s {2}\[={10} {10}\] 50 % {2}ETA \d:\d\d {2}ring /m;
const LAST_LINE = /^1\.0 MB \d:\d\d \S+ \wB\/s {2}\[={20}\] 100 % {2}ring ░* 0\/\d+ {2}\d+ waits$/m;

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
    const running = start(root, 'copy', '-', 'null:', '--max-bytes', String(LENGTH), ...shown);
    const bytes = readFileSync(file);
    running.child.stdin.write(bytes.subarray(0, LENGTH / 2));
    // However late a second is over: what is missing comes when it has been shown.
    while (!HALF.test(running.stderr)) await once(running.child.stderr, 'data');
    running.child.stdin.end(bytes.subarray(LENGTH / 2));
    const { code, stderr } = await running.done;
    assert.equal(code, 0);
    assert.match(stderr, LAST_LINE);
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

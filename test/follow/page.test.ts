/** What docs/follow.md shows runs as it stands, and goes on where it was killed. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Position } from 'slipring';

import { onWindows } from '../helpers/where';
import { until } from '../helpers/waiting';

const root = path.join(__dirname, '..', '..', '..');
const page = readFileSync(path.join(root, 'docs', 'follow.md'), 'utf8');
const snippets = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code as string);

describe('docs/follow.md', () => {
  let folder = '';

  // Inside the package, whose name the examples import.
  before(() => {
    mkdirSync(path.join(root, 'build'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'build', 'follow-page-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const inFolder = (name: string): string => path.join(folder, name);

  /** Runs the example, until so much was printed and kept; then it is killed. */
  async function run(code: string, expected: string, offset?: number): Promise<void> {
    writeFileSync(inFolder('example.mjs'), code);
    const child = spawn(process.execPath, [inFolder('example.mjs')], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    const isKept = (): boolean => {
      if (offset === undefined) return true;
      try {
        return (JSON.parse(readFileSync(inFolder('checkpoint.json'), 'utf8')) as Position).offset === offset;
      } catch {
        return false; // not yet, or only half of it
      }
    };
    const exit = once(child, 'exit');
    await until(() => child.exitCode !== null || (printed.length >= expected.length && isKept()));
    child.kill('SIGKILL');
    await exit;
    assert.equal(printed, expected);
  }

  it('has two examples', () => {
    assert.equal(snippets.length, 2);
  });

  it('shows where each line ends', async () => {
    writeFileSync(inFolder('app.log'), 'one\ntwo\n');
    const [code] = snippets as [string];
    await run(code.replace('batch.end(i)', 'batch.end(i).offset'), 'one 4\ntwo 8\n');
  });

  it(`reads on where it was killed${onWindows ? ' [an open file keeps its name there]' : ''}`, async function () {
    if (onWindows) return this.skip();
    const code = snippets[1] as string;
    const log = inFolder('app.log');
    writeFileSync(log, 'one\n');
    assert.ok(!existsSync(inFolder('checkpoint.json')));
    await run(code, 'one\n', 4);
    appendFileSync(log, 'two\n');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'three\n');
    await run(code, 'two\nthree\n', 6);
    appendFileSync(log, 'four\n');
    await run(code, 'four\n', 11);
  });
});

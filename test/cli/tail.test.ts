/** `slipring tail`: every line of files that are rotated, also over restarts. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

import { temporaryFolder } from '../helpers/files';
import { until } from '../helpers/waiting';
import { describeWhere, onWindows } from '../helpers/where';
import { carry, type Running, start } from './helpers/running';

function lines(begin: number, end: number): string {
  return Array.from({ length: end - begin }, (_, i) => `line ${begin + i}\n`).join('');
}

async function printed(running: Running, ending: string): Promise<void> {
  while (!running.stdout.toString().endsWith(ending)) await once(running.child.stdout, 'data');
}

async function stopped(running: Running, signal: NodeJS.Signals): Promise<number | null> {
  running.child.kill(signal);
  return (await running.done).code;
}

describeWhere(!onWindows, 'signals are those of Unix')('slipring tail', () => {
  const temporary = temporaryFolder();
  let folder = '';

  before(() => {
    folder = temporary.path('.');
  });

  it('prints the last ten lines and what is appended, with a header where another file begins', async () => {
    const one = temporary.write('one', lines(0, 20));
    const two = temporary.write('two', '');
    const running = start(folder, 'tail', 'one', 'two', 'missing');
    await printed(running, 'line 19\n');
    appendFileSync(two, 'the only one\n');
    await printed(running, 'the only one\n');
    appendFileSync(one, 'more\n');
    await printed(running, 'more\n');
    assert.equal(await stopped(running, 'SIGTERM'), 1);
    assert.equal(running.stderr, 'slipring: cannot read missing: no such file or directory (ENOENT).\n');
    const parts = running.stdout.toString().split(/^==> (.*) <==\n/m);
    assert.deepEqual(parts, ['', 'one', `${lines(10, 20)}\n`, 'two', 'the only one\n\n', 'one', 'more\n']);
  });

  it('waits for a file with --retry, and loses no line over rotations without a pause', async () => {
    const running = start(folder, 'tail', '--retry', '--from', 'start', 'rotated');
    const put = (text: string): void => writeFileSync(temporary.path('rotated'), text);
    put('begun\n');
    await printed(running, 'begun\n');
    for (let i = 0; i < 200; i++) {
      renameSync(temporary.path('rotated'), temporary.path(`rotated.${i}`));
      put(lines(i * 10, i * 10 + 10));
    }
    await printed(running, 'line 1999\n');
    assert.equal(await stopped(running, 'SIGINT'), 130);
    assert.equal(running.stdout.toString(), `begun\n${lines(0, 2000)}`);
    assert.equal(running.stderr, '');
  });

  it('goes on where it was stopped with --resume, in the file under its new name and in those after it', async () => {
    const log = temporary.write('app.log', lines(0, 3));
    const args = ['tail', '--from', 'start', '--resume', 'app.state', 'app.log'];
    const first = start(folder, ...args);
    await printed(first, 'line 2\n');
    assert.equal(await stopped(first, 'SIGTERM'), 143);
    appendFileSync(log, lines(3, 5));
    renameSync(log, `${log}.1`);
    writeFileSync(log, lines(5, 7));
    const second = start(folder, ...args);
    await printed(second, 'line 6\n');
    assert.equal(await stopped(second, 'SIGTERM'), 143);
    assert.equal(second.stdout.toString(), lines(3, 7));
    assert.equal(second.stderr, '');
  });

  it('says what is lost, and has exit code 3 then', async () => {
    const log = temporary.write('lost.log', lines(0, 3));
    const args = ['tail', '-n', '1', '--resume', 'lost.state', 'lost.log'];
    const first = start(folder, ...args);
    await printed(first, 'line 2\n');
    await stopped(first, 'SIGTERM');
    rmSync(log);
    writeFileSync(log, lines(7, 9));
    const second = start(folder, ...args);
    await printed(second, 'line 8\n');
    assert.equal(await stopped(second, 'SIGTERM'), 3);
    assert.equal(second.stdout.toString(), lines(7, 9));
    assert.match(second.stderr, /^slipring: lost\.log: 1 file could not be read \(.* deleted or moved away\)\.$/m);
    assert.match(second.stderr, /^slipring: lost\.log: lost 1 file\.$/m);
  });

  it('leaves nothing beside a state that cannot be kept', async () => {
    mkdirSync(temporary.path('kept'));
    temporary.write('to-keep', lines(0, 3));
    const running = start(folder, 'tail', '--resume', 'kept/state', 'to-keep');
    await printed(running, 'line 2\n');
    await until(() => existsSync(temporary.path('kept/state')));
    // What is there from now on cannot be replaced.
    rmSync(temporary.path('kept/state'));
    mkdirSync(temporary.path('kept/state/in-the-way'), { recursive: true });
    appendFileSync(temporary.path('to-keep'), 'one more\n');
    await printed(running, 'one more\n');
    assert.equal(await stopped(running, 'SIGTERM'), 1);
    assert.deepEqual(readdirSync(temporary.path('kept')), ['state']);
  });

  it('refuses a state that it has not written, and leaves it as it is', async () => {
    for (const text of ['not JSON', 'null', '[]', '{"one": 5}', '{"one": {"file": "x", "offset": -1}}']) {
      temporary.write('foreign', text);
      const { code, stderr } = await carry(folder, 'tail', '--resume', 'foreign', 'one');
      assert.equal(code, 1);
      assert.match(stderr, /^slipring: foreign is no file that --resume wrote\. .*\n$/);
      assert.equal(readFileSync(temporary.path('foreign'), 'utf8'), text);
    }
  });
});

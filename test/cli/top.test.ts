/** `slipring top`: what the streams of a program do, on a screen. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createPatternStream, createReadStream } from 'slipring';
import { serveView, type View } from 'slipring/view';

import { temporaryFolder } from '../helpers/files';
import { until } from '../helpers/waiting';
import { describeWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { closeOtherStreams } from '../view/helpers/alone';
import { manifest, root } from './helpers/command';
import { carry, start } from './helpers/running';

describeWhere(!onWindows, 'signals and terminals are those of Unix')('slipring top', () => {
  const temporary = temporaryFolder();
  let view: View;

  before(closeOtherStreams);

  beforeEach(async () => {
    view = await serveView();
  });

  afterEach(() => view.close());

  it('prints every stream: how fast it is, where its slots are, what it failed with', async () => {
    const full = createPatternStream({ slots: 4, slotSize: 1024 });
    const failed = createReadStream(temporary.path('miss\u001b[2Jing'));
    await once(failed, 'error');
    await until(() => full.stats().slotsReady === 4);
    const { code, stdout, stderr } = await carry(root, 'top', '-n', '1', view.url);
    full.destroy();
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const lines = stdout.toString().split('\n');
    assert.match(lines[0] as string, new RegExp(`^pid ${process.pid}, Node ${process.version}, 1 open: `));
    assert.ok(lines.some((line) => /^pattern +0 B\/s +████ 4\/4 +0 /.test(line)));
    const name = lines.findIndex((line) => /miss.\[2Jing {2}/.test(line));
    assert.match(lines[name + 1] as string, /^ {2}ENOENT: no such file or directory/);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('ends with the program, and says so', async () => {
    const running = start(root, 'top', view.url);
    await once(running.child.stdout, 'data');
    await view.close();
    const { code, stderr } = await running.done;
    assert.equal(code, 0);
    assert.equal(stderr, 'slipring: the program has ended.\n');
  });

  it('says what is wrong when there is no view, or it refuses', async () => {
    const { url } = view;
    const cases = [
      [[], 2, /Name one view/],
      [['http://127.0.0.1:9/'], 2, /is not what a view prints/],
      [[`${url}x`], 1, /the view refuses: The token is not the one of this program/],
      [[url.replace('127.0.0.1', 'foreign.localhost')], 1, /cannot reach the view|the view refuses: The host/],
    ] as const;
    for (const [args, expected, said] of cases) {
      const { code, stdout, stderr } = await carry(root, 'top', ...args);
      assert.equal(stdout.length, 0);
      assert.match(stderr, said);
      assert.equal(code, expected);
    }
    await view.close();
    const { code, stderr } = await carry(root, 'top', url);
    assert.match(
      stderr,
      /^slipring: cannot reach the view at 127\.0\.0\.1:\d+: connection refused \(ECONNREFUSED\)\.\n$/,
    );
    assert.equal(code, 1);
  });

  it('says so when what is there sends what no view does', async () => {
    const server = createServer((request, response) => void response.end(`data: ${request.url?.slice(-4)}\n\n`));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const rubbish of ['{"a}', 'null', '1234']) {
      const { code, stderr } = await carry(root, 'top', `http://127.0.0.1:${port}/?token=${rubbish}`);
      assert.match(stderr, /^slipring: what 127\.0\.0\.1:\d+ sends is not what a view of this version does\. .*\n$/);
      assert.equal(code, 1);
    }
    server.close();
  });

  itWithPackagesOfLinux({ tmux: 'tmux' })('fills a terminal, also a small one, and leaves it as it was', async () => {
    const streams = Array.from({ length: 20 }, () => createPatternStream({ slots: 2, slotSize: 1024 }));
    const socket = temporary.path('tmux');
    const tmux = (...args: string[]): string =>
      execFileSync('tmux', ['-f', '/dev/null', '-S', socket, ...args]).toString();
    const screen = (): string => tmux('capture-pane', '-p');
    const count = (): number => screen().match(/^pattern/gm)?.length ?? 0;
    const command = [process.execPath, path.join(root, manifest.bin.slipring), 'top', view.url];
    const begin = `clear; PS1=ready; ${command.map((word) => `'${word}'`).join(' ')}`;
    tmux('new-session', '-d', '-x', '60', '-y', '12', 'sh');
    try {
      tmux('send-keys', begin, 'Enter');
      await until(() => screen().includes('… and 13 more'));
      assert.equal(count(), 7);
      assert.ok(
        screen()
          .split('\n')
          .every((line) => line.length <= 60),
      );
      tmux('send-keys', 'q');
      await until(() => screen().trimEnd().endsWith('ready'));
      assert.equal(count(), 0);
      tmux('send-keys', begin, 'Enter');
      await until(() => count() > 0);
      tmux('resize-window', '-x', '120', '-y', '50');
      await until(() => count() === 20);
    } finally {
      tmux('kill-server');
      for (const stream of streams) stream.destroy();
    }
  });
});

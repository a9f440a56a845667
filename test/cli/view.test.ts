/** `--view` of the commands that carry: the live view of what they do. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, onWindows } from '../helpers/where';
import { ask } from '../view/helpers/asking';
import { Watcher } from '../view/helpers/watching';
import { root, slipring } from './helpers/command';
import { type Running, start } from './helpers/running';

/** Where it says that its view is. */
async function viewOf({ child }: Running): Promise<string> {
  for await (const line of createInterface(child.stderr)) {
    const [, url] = /^slipring: the view is at (http:\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('It said of no view.');
}

describeWhere(!onWindows, 'signals are those of Unix')('--view', () => {
  const folder = temporaryFolder();

  const commands: [string, ...string[]][] = [
    ['copy', 'pattern:?rate=1M', 'null:', '--view'],
    ['cat', '--view', 'pattern:?rate=1M'],
    ['tail', '--view', '--retry', 'absent.log'],
    ['listen', 'udp://127.0.0.1:0', '--view', '-o', 'null:'],
  ];
  for (const args of commands) {
    it(`of slipring ${args[0]} prints where the page is, and takes no operand for a place`, async () => {
      const running = start(folder.path('.'), ...args);
      const url = await viewOf(running);
      assert.equal(new URL(url).hostname, '127.0.0.1');
      assert.equal((await ask(url)).status, 200);
      using watcher = await Watcher.of(url);
      let snapshot = await watcher.next();
      while (snapshot?.streams.length === 0) snapshot = await watcher.next();
      assert.match(snapshot?.program.command ?? '', new RegExp(`${args[0]} `));
      running.child.kill('SIGINT');
      while (await watcher.next());
      assert.ok(watcher.ended);
      assert.equal((await running.done).code, 130);
    });
  }

  it('lets the command end by itself, and shows how all was at the end', async () => {
    const running = start(folder.path('.'), 'copy', 'pattern:1M?rate=1M', 'null:', '--view');
    using watcher = await Watcher.of(await viewOf(running));
    let last = await watcher.next();
    for (let next = last; next; next = await watcher.next()) last = next;
    assert.ok(watcher.ended);
    assert.deepEqual(
      last?.streams.map(({ state, stats }) => [state, stats.bytesDelivered]),
      [['ended', 1_048_576]],
    );
    assert.equal((await running.done).code, 0);
  });

  it('takes a place behind an equals sign, and the token from SLIPRING_VIEW_TOKEN', async () => {
    const token = '0123456789-abcdef';
    process.env.SLIPRING_VIEW_TOKEN = token;
    const running = start(folder.path('.'), 'copy', 'pattern:?rate=1M', 'null:', '--view=localhost:0');
    delete process.env.SLIPRING_VIEW_TOKEN;
    const url = new URL(await viewOf(running));
    assert.equal(url.hostname, 'localhost');
    assert.equal(url.search, `?token=${token}`);
    running.child.kill('SIGINT');
    await running.done;
  });

  it('says what a place is, and opens nothing', () => {
    for (const place of ['nonsense', 'localhost', '127.0.0.1:65536', 'http://localhost:9000']) {
      const { code, stderr } = slipring(root, 'copy', 'pattern:1', folder.path('untouched'), `--view=${place}`);
      assert.equal(code, 2);
      assert.match(stderr, /^slipring: --view takes HOST:PORT, such as .*\n/);
    }
  });

  it('says that the port is taken, before it empties a sink', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sink = folder.write('sink', 'what was there');
    const { code, stderr } = slipring(root, 'copy', 'pattern:1', sink, `--view=${port}`);
    server.close();
    assert.equal(code, 1);
    assert.equal(readFileSync(sink, 'utf8'), 'what was there');
    assert.match(stderr, /^slipring: cannot open the view at \d+: address already in use \(EADDRINUSE\)\.\n$/);
  });
});

/** Who may see a view, and what they are told who may not. */
import { strict as assert } from 'node:assert';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { serveView, type View } from 'slipring/view';

import { onLinux } from '../helpers/process';
import { until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { ask, beside, opened } from './helpers/asking';
import { Watcher } from './helpers/watching';

/** Elsewhere the loopback has one address. */
const onLinuxOnly = itWhere(onLinux, 'Linux only');

describe('a view', () => {
  let view: View;

  before(async () => {
    view = await serveView();
  });

  after(async () => {
    await view.close();
  });

  it('is a page on the loopback, of which a browser keeps nothing and tells nobody', async () => {
    const { status, headers, body } = await ask(view.url);
    assert.equal(status, 200);
    assert.equal(new URL(view.url).hostname, '127.0.0.1');
    assert.match(body, /^<!doctype html>/);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  });

  it('lets its page run what is in it, and ask itself, and nothing else', async () => {
    const policy = String((await ask(view.url)).headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; /);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(policy, /frame-ancestors 'none'/);
  });

  const refusals: [what: string, status: number, headers: Record<string, string>, change?: (url: URL) => void][] = [
    ['without the token', 403, {}, (url) => void (url.search = '')],
    ['with a wrong token', 403, {}, (url) => void (url.search = '?token=0000000000000000')],
    ['for a foreign host', 403, { Host: 'evil.example' }],
    ['for a foreign host with its port', 403, {}, (url) => void (url.host = `evil.example:${url.port}`)],
    ['for its own host with another port', 403, { Host: '127.0.0.1:1' }],
    ['of a page of another origin', 403, { Origin: 'http://evil.example' }],
    ['of a page that hides its origin', 403, { Origin: 'null' }],
    ['that a browser sends for another site', 403, { 'Sec-Fetch-Site': 'cross-site' }],
    ['that a browser sends for another port', 403, { 'Sec-Fetch-Site': 'same-site' }],
    ['for anything else', 404, {}, (url) => void (url.pathname = '/favicon.ico')],
  ];
  for (const path of ['/', '/events']) {
    for (const [what, status, headers, change] of refusals) {
      it(`refuses a request ${what} at ${path}, with a sentence`, async () => {
        const url = beside(view.url, path);
        const { port } = url;
        change?.(url);
        const { host } = url;
        const answer = await ask(url, { hostname: '127.0.0.1', port, headers: { Host: host, ...headers } });
        assert.equal(answer.status, status);
        assert.match(answer.body, /^[A-Z].*\.\n$/);
        assert.equal(answer.headers['cache-control'], 'no-store');
      });
    }
  }

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`changes nothing: it refuses ${method}, and says what it takes`, async () => {
      const { status, headers, body } = await ask(view.url, { method });
      assert.equal(status, 405);
      assert.equal(headers.allow, 'GET, HEAD');
      assert.match(body, /^[A-Z].*\.\n$/);
    });
  }

  it('answers HEAD as GET, without the page', async () => {
    for (const path of ['/', '/events']) {
      const { status, body } = await ask(beside(view.url, path), { method: 'HEAD' });
      assert.deepEqual([status, body], [200, '']);
    }
  });

  it('has each name that the loopback has', async () => {
    const { port } = new URL(view.url);
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '[::1]']) {
      const { status } = await ask(view.url, { headers: { Host: `${host}:${port}` } });
      assert.equal(status, 200, host);
    }
  });

  it('refuses a request without a host', async () => {
    const { port, search } = new URL(view.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /${search} HTTP/1.0\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 403 /);
  });

  it('is watched by eight at a time, and says so to the next one', async () => {
    const watchers: Watcher[] = [];
    for (let i = 0; i < 8; i++) watchers.push(await Watcher.of(view.url));
    const { status, headers, body } = await ask(beside(view.url, '/events'));
    assert.equal(status, 503);
    assert.equal(headers['retry-after'], '5');
    assert.match(body, /^[A-Z].*\.\n$/);
    for (const watcher of watchers) watcher[Symbol.dispose]();
    let again = 503;
    while (again === 503) {
      const response = await opened(beside(view.url, '/events'));
      again = response.statusCode ?? 0;
      response.destroy();
    }
    assert.equal(again, 200);
  });

  it('has a token of its own each time, or the one that is given', async () => {
    const token = 'abcdefgh-12345_67';
    await using other = await serveView();
    await using given = await serveView({ token });
    assert.notEqual(new URL(other.url).search, new URL(view.url).search);
    assert.equal(new URL(given.url).searchParams.get('token'), token);
    assert.equal((await ask(given.url)).status, 200);
  });

  it('can be at an address of IPv6', async () => {
    await using other = await serveView({ host: '::1' });
    assert.equal(new URL(other.url).hostname, '[::1]');
    assert.equal((await ask(other.url)).status, 200);
  });

  onLinuxOnly('can be at all addresses, and is called by the one that is asked', async () => {
    await using other = await serveView({ host: '0.0.0.0' });
    const { port } = new URL(other.url);
    assert.equal((await ask(other.url, { hostname: '127.0.0.2', headers: { Host: `127.0.0.2:${port}` } })).status, 200);
    assert.equal((await ask(other.url, { headers: { Host: `127.0.0.2:${port}` } })).status, 403);
  });

  it('says that its port is taken, as any server', async () => {
    const port = Number(new URL(view.url).port);
    await assert.rejects(serveView({ port }), { code: 'EADDRINUSE', port });
  });

  const wrong: [options: object, code: string][] = [
    [{ host: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ host: '' }, 'ERR_INVALID_ARG_VALUE'],
    [{ host: 'http://localhost' }, 'ERR_INVALID_ARG_VALUE'],
    [{ port: '80' }, 'ERR_INVALID_ARG_TYPE'],
    [{ port: 65_536 }, 'ERR_OUT_OF_RANGE'],
    [{ token: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ token: 'short' }, 'ERR_INVALID_ARG_VALUE'],
    [{ token: 'not one of an address' }, 'ERR_INVALID_ARG_VALUE'],
  ];
  for (const [options, code] of wrong) {
    it(`does not take ${JSON.stringify(options)}`, async () => {
      await assert.rejects(serveView(options), { code });
    });
  }

  it('says of a wrong token no word of it', async () => {
    const token = 'a secret of somebody';
    await assert.rejects(serveView({ token }), (error: Error) => !error.message.includes(token));
  });

  it('listens no more once it is closed, which may be said twice', async () => {
    const other = await serveView();
    await Promise.all([other.close(), other.close()]);
    await assert.rejects(ask(other.url), { code: 'ECONNREFUSED' });
    await other.close();
  });

  it('tells who watches that it is over', async () => {
    const other = await serveView();
    const watcher = await Watcher.of(other.url);
    await other.close();
    while (await watcher.next());
    assert.ok(watcher.ended);
  });

  it('is closed although somebody does not read what it tells', async () => {
    const other = await serveView();
    const response = await opened(beside(other.url, '/events'));
    response.pause();
    await other.close();
    response.resume().on('error', () => undefined);
    await until(() => response.destroyed || response.complete);
  });
});

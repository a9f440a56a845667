/** The page of a view, in a browser. */
import { strict as assert } from 'node:assert';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createPatternStream, createReadStream, createUdpStream, type ProducerStream } from 'slipring';
import { serveView, type View } from 'slipring/view';

import { temporaryFolder } from '../helpers/files';
import { closed, turn } from '../helpers/waiting';
import { closeOtherStreams } from './helpers/alone';
import { browser, contrast, describeInBrowser, focused, says, styleOf } from './helpers/browser';
import { kill, startProgram } from './helpers/program';

const PHONE = { viewport: { width: 400, height: 800 } };
const TOKEN = 'abcdefgh_12345-67';

describeInBrowser('the page of a view', () => {
  const folder = temporaryFolder();
  const open = browser();
  const streams: ProducerStream[] = [];
  let view: View;

  before(closeOtherStreams);

  beforeEach(async () => {
    view = await serveView();
  });

  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => closed(stream.destroy())));
    await view.close();
  });

  function keep<Stream extends ProducerStream>(stream: Stream): Stream {
    streams.push(stream);
    return stream;
  }

  function twenty(): void {
    for (let i = 0; i < 20; i++) keep(createPatternStream({ slots: 4 + i, slotSize: 1024 }));
  }

  for (const { name, options } of [
    { name: 'a wide window', options: {} },
    { name: '400 pixels', options: PHONE },
  ]) {
    it(`shows twenty streams at once in ${name}, where nothing is cut off`, async () => {
      twenty();
      const { page, problems } = await open(view.url, options);
      await page.locator('#open .stream').nth(19).waitFor();
      await says(page, '#totals', 'open20');
      const labels = await page.getByRole('img', { name: /slots: / }).count();
      assert.equal(labels, 20);
      await page.getByRole('button', { name: 'Show all charts' }).click();
      await page.locator('.chart canvas').nth(59).waitFor();
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(overflow, 0);
      assert.deepEqual(problems, []);
    });
  }

  it('asks its program, and nobody else', async () => {
    keep(createPatternStream());
    const { page, requests } = await open(view.url);
    await page.locator('.stream').waitFor();
    assert.deepEqual(requests, [view.url, view.url.replace('/?', '/events?')]);
  });

  it('shows where the slots are, and how much comes', async () => {
    const path = folder.fill('read', 4096);
    const stream = keep(createReadStream(path, { slots: 4, slotSize: 1024 }));
    const { page } = await open(view.url);
    await page.getByRole('img', { name: '4 slots: 0 free, 0 being filled, 4 ready, 0 lent' }).waitFor();
    assert.equal(await page.locator('.ring path[data-slot=ready]').count(), 4);
    await says(page, '.waiting', /[Tt]he source waits/);
    stream.resume();
    await says(page, '.facts', 'Handed on4.10 kB in 4 chunks');
  });

  it('shows that a consumer stands still, and when that began', async () => {
    keep(createPatternStream({ slots: 4, slotSize: 1024 }));
    const { page } = await open(view.url);
    await says(page, '.stream[data-state=stalled] .state', 'stands still');
    await says(page, '.waiting', /The consumer has taken nothing for \d+ s: the source waits\./);
    await says(page, '.happenings [data-kind=stall]', /^\d\d:\d\d:\d\dStood still/);
  });

  it('shows what was lost, where and when', async () => {
    const stream = keep(createUdpStream({ address: '127.0.0.1', overflow: 'drop-newest', slots: 1, slotSize: 4096 }));
    await once(stream, 'listening');
    const { port } = stream.address();
    const sender = createSocket('udp4');
    const send = async (): Promise<void> => {
      sender.send(Buffer.alloc(1000), port, '127.0.0.1');
      await turn();
    };
    while (stream.stats().droppedChunks < 5) await send();
    const { page } = await open(view.url);
    await says(page, '.trouble', /lost [\d,]+ chunks/);
    let gaps = 0;
    stream.on('gap', () => gaps++).resume();
    while (gaps === 0) await send();
    sender.close();
    // How many had come before the first that was lost, and were lost by then, depends on who had a processor.
    await says(page, '.happenings [data-kind=gap]', /^\d\d:\d\d:\d\dLost [\d,]+ chunks? \(.* [kM]B\), from number \d/);
    await says(page, '#news', 'has lost something');
  });

  it('keeps what has ended, and what has failed, below what is open', async () => {
    const ended = folder.write('ended', 'abc');
    const { page } = await open(view.url);
    await closed(createReadStream(ended).resume());
    await closed(createReadStream(folder.path('missing')));
    await says(page, '#ended .stream[data-state=ended]', ended);
    await says(page, '#ended .stream[data-state=failed] .waiting', 'ENOENT: no such file or directory');
    await says(page, '#open .none', 'No stream is open.');
  });

  it('says that its program is gone, and shows the next one', async () => {
    const first = await startProgram(0, TOKEN);
    const { page } = await open(first.url);
    await says(page, '#status', /^Live$/);
    await page.locator('.stream').waitFor();
    await kill(first);
    await says(page, '#status', /^The program has ended, or cannot be reached\. .* What you see is of /);
    assert.equal(await page.locator('.stream').count(), 1);
    const second = await startProgram(Number(new URL(first.url).port), TOKEN);
    await says(page, '#status', /^Live: the program was started again at /);
    await says(page, '#program', `process ${second.child.pid}`);
    await kill(second);
  });

  it('says so when the next program has another token', async () => {
    const first = await startProgram(0, TOKEN);
    const { page } = await open(first.url);
    await says(page, '#status', 'Live');
    await kill(first);
    const second = await startProgram(Number(new URL(first.url).port), `${TOKEN}-other`);
    await says(page, '#status', 'The token is not the one of this program.');
    await kill(second);
  });

  it('says so when its program closes the view', async () => {
    const { page } = await open(view.url);
    await says(page, '#status', 'Live');
    await view.close();
    await says(page, '#status', 'The program has closed its view.');
  });

  it('says so when the event loop of its program stands still', async () => {
    const program = await startProgram(0, TOKEN);
    const { page } = await open(program.url);
    await says(page, '#status', 'Live');
    program.child.kill('SIGSTOP');
    await says(page, '#status', /^Nothing since \d\d:\d\d:\d\d: the event loop/);
    program.child.kill('SIGCONT');
    await says(page, '#status', /^Live$/);
    await kill(program);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is ${colorScheme} where that is preferred, and can be read`, async () => {
      keep(createPatternStream({ slots: 4, slotSize: 1024 }));
      await closed(createReadStream(folder.path('missing')));
      const { page } = await open(view.url, { colorScheme });
      await says(page, '.trouble', 'stood still');
      await says(page, '#ended .stream', 'ENOENT');
      const card = await styleOf(page, '.stream', 'background-color');
      const body = await styleOf(page, 'body', 'background-color');
      assert.equal(contrast(body, 'rgb(0, 0, 0)') < 2, colorScheme === 'dark');
      for (const text of ['.name', '.waiting', '.kind', '.facts dt', '.readout', '#ended .waiting']) {
        assert.ok(contrast(card, await styleOf(page, text, 'color')) >= 4.5, text);
      }
      for (const text of ['#status', '#program', '#totals dt', '#totals .bad', '.legend', '#unfold']) {
        assert.ok(contrast(body, await styleOf(page, text, 'color')) >= 4.5, text);
      }
      const [back, red] = await Promise.all(
        ['background-color', 'color'].map((name) => styleOf(page, '.trouble li', name)),
      );
      assert.ok(contrast(back as string, red as string) >= 4.5);
      for (const slot of ['filling', 'ready', 'lent']) {
        const color = await styleOf(page, `.legend [data-slot=${slot}]`, 'background-color', '::before');
        assert.ok(contrast(card, color) >= 3, slot);
      }
    });
  }

  it('is worked with by the keyboard alone', async () => {
    for (let i = 0; i < 3; i++) keep(createPatternStream({ slots: 4, slotSize: 1024 }));
    const { page } = await open(view.url);
    const first = page.getByRole('button', { name: 'pattern' }).first();
    await first.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await focused(first);
    assert.equal(await first.getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('Enter');
    assert.equal(await first.getAttribute('aria-expanded'), 'true');
    await page.locator('.plot canvas').nth(2).waitFor();
    await page.keyboard.press('Tab');
    const chart = page.locator('.plot:focus');
    await chart.and(page.getByRole('img', { name: /^Throughput: / })).waitFor();
    await says(page, '.happenings', 'Stood still'); // so there are some points
    await page.keyboard.press('ArrowLeft');
    // A moment, and what was then.
    await says(page, '.chart:has(.plot:focus) .readout', /^\d\d:\d\d:\d\d/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    assert.equal(await first.getAttribute('aria-expanded'), 'false');
  });

  it('leaves the focus where it is when a stream ends', async () => {
    const path = folder.fill('ends', 10_000);
    const stream = createReadStream(path, { slotSize: 1000 });
    const { page } = await open(view.url);
    const button = page.getByRole('button', { name: path });
    await button.focus();
    await closed(stream.resume());
    await says(page, '#ended', path);
    await focused(button);
  });

  it('turns the rings, but not for who does not want motion', async () => {
    keep(createPatternStream({ slots: 4, slotSize: 1024 }).resume());
    for (const reducedMotion of ['no-preference', 'reduce'] as const) {
      const { page } = await open(view.url, { reducedMotion });
      await says(page, '.rate', /B\/s/);
      const moves = async (): Promise<boolean> => (await styleOf(page, '.ring g', 'transform')) !== 'none';
      if (reducedMotion === 'reduce') assert.equal(await moves(), false);
      else await page.waitForFunction('document.getAnimations().some(({ playbackRate }) => playbackRate > 0.1)');
      assert.equal(await moves(), reducedMotion !== 'reduce');
    }
  });
});

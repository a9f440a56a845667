/** A log that is cut, as `copytruncate` does, while it is published. */
import { strict as assert } from 'node:assert';
import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { createReadStream, type Gap, type ReadStream } from 'slipring';
import { publish } from 'slipring/jetstream';

import { lineOf, linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { isOpen } from '../helpers/process';
import { parked, until } from '../helpers/waiting';
import { describeWithServer, stage } from './helpers/servers';
import { lastLine } from './helpers/shipping';

const LINES = 10_000;

describeWithServer('a log that is cut', () => {
  const folder = temporaryFolder();
  const on = stage();
  const controllers: AbortController[] = [];

  beforeEach(() => on.stream());
  afterEach(() => controllers.splice(0).forEach((controller) => controller.abort()));

  /** Publishes it as it grows. `opened` is called once, with the stream, before a message is sent. */
  function follow(file: string, opened?: () => void) {
    const controller = new AbortController();
    controllers.push(controller);
    const gaps: Gap[] = [];
    let source: ReadStream | undefined;
    const open = (): ReadStream => {
      opened?.();
      source = createReadStream(file, { follow: true, records: 'lines', slots: 4, slotSize: 8192 });
      return source.on('gap', (gap: Gap) => gaps.push(gap));
    };
    const published = publish(open, on.js, { subject: 'logs.a', signal: controller.signal, onRetry: () => undefined });
    published.catch(() => undefined);
    const stop = async (): Promise<void> => {
      controller.abort();
      await assert.rejects(published, { code: 'ABORT_ERR' });
    };
    return { gaps, stop, source: () => source };
  }

  it('is stored whole, once and in order, when all that is cut was stored', async () => {
    const file = folder.write('stored', '');
    const { gaps, stop } = follow(file);
    for (let from = 0; from < 1000; from += 100) {
      appendFileSync(file, linesOf(from, from + 100));
      while ((await lastLine(on.manager)) < from + 99);
      truncateSync(file);
    }
    await stop();
    assert.equal((await on.stored()).join('\n') + '\n', linesOf(0, 1000));
    assert.deepEqual(gaps, []);
  });

  it('is told to have lost what was not read, and is stored in order up to there and from there on', async () => {
    const text = linesOf(0, LINES);
    const file = folder.write('lost', text);
    const { gaps, stop, source } = follow(file, () => on.server.freeze());
    try {
      await until(() => source() !== undefined);
      await parked(source() as ReadStream);
      // The thread that opens the new file has looked at the old one's size before, which was the same all the time.
      renameSync(file, `${file}.1`);
      writeFileSync(file, '');
      await until(() => isOpen(file));
      truncateSync(`${file}.1`);
      appendFileSync(file, lineOf(LINES));
    } finally {
      on.server.thaw();
    }
    while ((await lastLine(on.manager)) < LINES);
    await stop();
    const stored = await on.stored();
    const before = stored.slice(0, -1).join('\n');
    assert.equal(`${stored.at(-1)}\n`, lineOf(LINES));
    assert.ok(before.length > 0 && text.startsWith(before));
    assert.deepEqual(
      gaps.map(({ files, droppedBytes }) => [files, droppedBytes]),
      [[0, text.length - before.length]],
    );
  });
});

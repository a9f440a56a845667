/** What `publish()` stores, and where it goes on. */
import { strict as assert } from 'node:assert';
import { appendFileSync } from 'node:fs';
import { createPatternStream, createReadStream, type ReadStream } from 'slipring';
import { publish } from 'slipring/jetstream';
import { jetstream } from '@nats-io/jetstream';

import { linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { describeWithServer, stage } from './helpers/servers';

const LIMIT = 4096;

describeWithServer('publish()', () => {
  const folder = temporaryFolder();
  const on = stage(LIMIT);
  const to = { subject: 'logs.a' };

  beforeEach(() => on.stream());

  function lines(file: string): ReadStream {
    return createReadStream(file, { records: 'lines' });
  }

  it('stores each record as a message, in order, and says how many', async function () {
    const text = linesOf(0, 5000);
    // Nothing is sent again only where the server has the time to answer that the test has.
    const patient = jetstream(on.nats, { timeout: this.timeout() });
    const { position, ...done } = await publish(() => lines(folder.write('records', text)), patient, to);
    assert.deepEqual(done, { messages: 5000, bytes: text.length - 5000, sequence: 5000, retries: 0 });
    assert.equal(position?.offset, text.length);
    assert.equal((await on.stored()).join('\n') + '\n', text);
  });

  it("stores the bytes of many records as one, with 'bytes', which ends where a record ends and fits the server", async () => {
    const text = linesOf(0, 5000);
    const file = folder.write('groups', text);
    const { messages } = await publish(() => lines(file), on.js, { ...to, split: 'bytes' });
    const stored = await on.stored();
    assert.equal(stored.length, messages);
    assert.ok(stored.every((part) => part.endsWith('\n') && part.length < LIMIT));
    assert.ok(messages < text.length / (LIMIT / 2));
    assert.equal(stored.join(''), text);
  });

  it("cuts what is too large for the server, with 'bytes', also within a record", async () => {
    const text = 'short\n' + 'x'.repeat(3 * LIMIT) + '\nshort\n';
    await publish(() => lines(folder.write('cut', text)), on.js, { ...to, split: 'bytes' });
    assert.equal((await on.stored()).join(''), text);
  });

  it('stores the bytes of a stream without records', async () => {
    const text = linesOf(0, 3000);
    const file = folder.write('bytes', text);
    await publish(() => createReadStream(file), on.js, to);
    assert.equal((await on.stored()).join(''), text);
  });

  it('has in the headers which file a message is from, where it begins, and where it ends', async () => {
    const file = folder.write('headers', 'one\ntwo\n');
    const { position } = await publish(() => lines(file), on.js, to);
    const last = await on.manager.streams.getMessage('LOGS', { last_by_subj: to.subject });
    assert.equal(last?.header.get('Slipring-End').split(' ')[0], `${position?.file}:8`);
    assert.ok(last.header.get('Nats-Msg-Id').startsWith(`${position?.file}:4:`));
  });

  it('opens the source where the last message ends', async () => {
    const file = folder.write('again', 'one\ntwo\n');
    const asked: (number | undefined)[] = [];
    for (const more of ['three\n', 'four\nfive\n', '']) {
      await publish(
        (resume) => {
          asked.push(resume?.offset);
          return createReadStream(file, { records: 'lines', start: resume?.offset });
        },
        on.js,
        to,
      );
      appendFileSync(file, more);
    }
    assert.deepEqual(asked, [undefined, 8, 14]);
    assert.deepEqual(await on.stored(), ['one', 'two', 'three', 'four', 'five']);
  });

  it('refuses a source that does not begin where the subject ends', async () => {
    const file = folder.write('this', linesOf(0, 100));
    await publish(lines(file), on.js, to);
    for (const source of [() => lines(file), lines(file), lines(folder.write('other', 'three\n'))]) {
      await assert.rejects(publish(source, on.js, to), { code: 'ERR_SLIPRING_JETSTREAM_RESUME' });
      if (typeof source !== 'function') assert.equal(source.destroyed, true);
    }
    assert.equal((await on.stored()).length, 100);
  });

  it('publishes what is no file under a name, and counts on', async () => {
    const pattern = (length: number, seed: number) => createPatternStream({ length, seed, records: { size: 100 } });
    await assert.rejects(publish(pattern(1000, 1), on.js, to), { code: 'ERR_SLIPRING_JETSTREAM_NO_POSITION' });
    await publish(pattern(1000, 1), on.js, { ...to, id: 'radio' });
    const { position } = await publish(pattern(500, 2), on.js, { ...to, id: 'radio' });
    assert.deepEqual(position, { file: 'radio', offset: 1500 });
    assert.equal((await on.stored()).length, 15);
  });

  it('gives all memory back, and never has more under way than it may', async () => {
    const file = folder.write('lent', patternBytes(3, 0, 300_000));
    const stream = createReadStream(file, { slots: 4, slotSize: 2048 });
    const { bytes } = await publish(stream, on.js, { ...to, maxInFlight: 3, maxBytes: 4000 });
    assert.equal(bytes, 300_000);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('fails with what the source fails with, when all before that is stored', async () => {
    const file = folder.write('long', 'one\ntwo\n' + 'x'.repeat(100) + '\n');
    const open = () => createReadStream(file, { records: 'lines', maxRecordSize: 50 });
    await assert.rejects(publish(open, on.js, to), { code: 'ERR_SLIPRING_RECORD_TOO_LONG' });
    assert.deepEqual(await on.stored(), ['one', 'two']);
    await assert.rejects(publish(createReadStream(folder.path('none')), on.js, to), { code: 'ENOENT' });
  });

  it('says of a record that it is larger than a message may be, when all before it is stored', async () => {
    const file = folder.write('large', 'one\n' + 'x'.repeat(LIMIT) + '\ntwo\n');
    await assert.rejects(publish(lines(file), on.js, to), { code: 'ERR_SLIPRING_JETSTREAM_TOO_LARGE' });
    assert.deepEqual(await on.stored(), ['one']);
    await on.stream({ max_msg_size: 400 });
    const less = folder.write('less', 'x'.repeat(300) + '\n');
    await assert.rejects(publish(lines(less), on.js, to), { code: 'ERR_SLIPRING_JETSTREAM_TOO_LARGE' });
  });

  it('stops when its signal is aborted, and destroys the source', async () => {
    const file = folder.write('followed', 'one\n');
    const controller = new AbortController();
    const stream = createReadStream(file, { records: 'lines', follow: true });
    const published = publish(stream, on.js, { ...to, signal: controller.signal });
    stream.once('close', () => undefined);
    while ((await on.stored()).length === 0);
    controller.abort(new Error('enough'));
    await assert.rejects(published, { code: 'ABORT_ERR' });
    assert.equal(stream.destroyed, true);
    await assert.rejects(
      publish(() => lines(file), on.js, { ...to, signal: AbortSignal.abort() }),
      { code: 'ABORT_ERR' },
    );
  });

  it('needs records for records', async () => {
    const bytes = createReadStream(folder.write('none', 'x'));
    await assert.rejects(publish(bytes, on.js, { ...to, split: 'records' }), { code: 'ERR_SLIPRING_NO_RECORDS' });
  });
});

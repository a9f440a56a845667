/** What was published, read back as a stream. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createReadStream } from 'slipring';
import { createJetStreamStream, type JetStreamRecord, publish } from 'slipring/jetstream';

import { linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { closed, until } from '../helpers/waiting';
import { describeWithServer, stage } from './helpers/servers';

describeWithServer('createJetStreamStream()', () => {
  const folder = temporaryFolder();
  const on = stage();
  const subject = 'logs.a';
  const text = linesOf(0, 2000);
  let file = '';

  before(async () => {
    await on.stream();
    file = folder.write('lines', text);
    await publish(() => createReadStream(file, { records: 'lines' }), on.js, { subject });
  });

  async function all(options: object): Promise<JetStreamRecord[]> {
    const records: JetStreamRecord[] = [];
    for await (const record of createJetStreamStream(on.js, { subject, follow: false, ...options })) {
      records.push(record as JetStreamRecord);
    }
    return records;
  }

  it('gives every record, in order, with where it is from, and ends', async () => {
    const records = await all({});
    assert.equal(records.map(({ data }) => `${data.toString()}\n`).join(''), text);
    let offset = 0;
    for (const [i, { sequence, position, end, data, timestamp, subject: name }] of records.entries()) {
      assert.deepEqual([sequence, position?.offset, end?.offset], [i + 1, offset, offset + data.length + 1]);
      assert.deepEqual([typeof timestamp, name], ['bigint', subject]);
      offset = end?.offset as number;
    }
  });

  it('begins where it is told, and goes on from there', async () => {
    const records = await all({ startSequence: 1501 });
    assert.deepEqual([records.length, records[0]?.sequence], [500, 1501]);
    assert.deepEqual(await all({ startSequence: 2001 }), []);
    assert.deepEqual(await all({ subject: 'logs.none' }), []);
  });

  it('reads subjects with wildcards, of a stream by its name', async () => {
    assert.equal((await all({ subject: 'logs.*', stream: 'LOGS' })).length, 2000);
  });

  it('asks for more only as it is read', async () => {
    const stream = createJetStreamStream(on.js, { subject, maxMessages: 100 });
    await once(stream, 'readable');
    const [name] = await on.manager.consumers.list('LOGS').next();
    const delivered = async () =>
      (await on.manager.consumers.info('LOGS', name?.name as string)).delivered.consumer_seq;
    // As many as were asked for, however long nobody reads.
    for (let i = 0; i < 20; i++) assert.ok((await delivered()) <= 200);
    await closed(stream.destroy());
  });

  it('waits for more, through a restart of the server', async () => {
    const stream = createJetStreamStream(on.js, { subject, startSequence: 2000 });
    const got: string[] = [];
    stream.on('data', ({ data }: JetStreamRecord) => got.push(data.toString()));
    await until(() => got.length === 1);
    await on.server.restart();
    await on.js.publish(subject, 'more', { retries: 20 });
    await until(() => got.length === 2);
    assert.equal(got[1], 'more');
    await closed(stream.destroy());
  });

  it('is destroyed by its signal, and by a loop that is left', async () => {
    const controller = new AbortController();
    const stream = createJetStreamStream(on.js, { subject, signal: controller.signal });
    await once(stream, 'readable');
    controller.abort();
    await closed(stream);
    assert.equal((stream.errored as { code?: string } | null)?.code, 'ABORT_ERR');
    const left = createJetStreamStream(on.js, { subject });
    for await (const record of left) {
      assert.equal((record as JetStreamRecord).sequence, 1);
      break;
    }
    assert.equal(left.destroyed, true);
  });

  it('fails when there is no such stream, and when it is deleted', async () => {
    await assert.rejects(all({ subject: 'nobody.has' }), { code: 'ERR_SLIPRING_JETSTREAM_NO_STREAM' });
    const stream = createJetStreamStream(on.js, { subject: 'logs.a', startSequence: 2001 });
    await once(stream, 'readable');
    const failed = closed(stream);
    await on.manager.streams.delete('LOGS');
    stream.resume();
    await failed;
    assert.match(String((stream.errored as { code?: string } | null)?.code), /^ERR_SLIPRING_JETSTREAM_/);
  });
});

/** Servers that go away, are full, or say nothing; and others who publish: nothing is lost, and nothing is stored twice. */
import { strict as assert } from 'node:assert';
import { appendFileSync, readFileSync } from 'node:fs';
import { createPatternStream, createReadStream, type Position, type ReadStream } from 'slipring';
import { connect } from '@nats-io/transport-node';
import { DiscardPolicy, jetstream, RetentionPolicy } from '@nats-io/jetstream';
import { publish, type PublishOptions } from 'slipring/jetstream';

import { linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { turn, until } from '../helpers/waiting';
import { ANSWER_MS, describeWithServer, PATIENT, stage } from './helpers/servers';

const NANOSECONDS = 1e6;
const LINES = 20_000;

/** Whether the system has something from that port which has not been read, and is longer than the PING of a server. */
function hasUnread(port: number): boolean {
  const sockets = readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1);
  const from = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return sockets.some((socket) => {
    const [, , , far, , queues] = socket.split(/\s+/);
    return far?.endsWith(from) && parseInt(queues?.split(':')[1] as string, 16) > 'PING\r\n'.length;
  });
}

describeWithServer('publish(), when something goes wrong,', () => {
  const folder = temporaryFolder();
  const on = stage();
  const text = linesOf(0, LINES);
  let file = '';

  before(() => {
    file = folder.write('lines', text);
  });

  // The shortest window that there is: nothing may depend on it.
  beforeEach(() => on.stream({ duplicate_window: 100 * NANOSECONDS }));

  /** Publishes all lines, and keeps what it was told meanwhile. */
  function start(options: Partial<PublishOptions> = {}, opened?: () => ReadStream) {
    const told: (string | undefined)[] = [];
    let source: ReadStream | undefined;
    const open = (resume?: Position): ReadStream =>
      (source =
        opened?.() ?? createReadStream(file, { records: 'lines', slots: 4, slotSize: 8192, start: resume?.offset }));
    const onRetry = (error: Error & { code?: string }): void => void told.push(error.code?.slice(23));
    const published = publish(open, on.js, { subject: 'logs.a', onRetry, ...options });
    published.catch(() => undefined);
    return { published, told, source: () => source as ReadStream };
  }

  /** How many are stored; none while the server is away. */
  async function messages(): Promise<number> {
    const info = await on.manager.streams.info('LOGS').catch(() => undefined);
    return info?.state.messages ?? 0;
  }

  async function assertAll(subject?: string): Promise<void> {
    assert.equal((await on.stored(subject)).join('\n') + '\n', text);
  }

  it('goes on when the server comes back, with what was under way', async () => {
    const growing = folder.write('growing', '');
    const controller = new AbortController();
    const { published, told } = start({ signal: controller.signal }, () =>
      createReadStream(growing, { records: 'lines', follow: true }),
    );
    for (let part = 0; part < 4; part++) {
      appendFileSync(growing, linesOf(part * (LINES / 4), (part + 1) * (LINES / 4)));
      while ((await messages()) <= part * (LINES / 4));
      if (part < 3) await on.server.restart();
    }
    while ((await messages()) < LINES);
    assert.ok(told.length > 0 && told.every((code) => code === 'DISCONNECTED' || code === 'UNAVAILABLE'));
    controller.abort();
    await assert.rejects(published, { code: 'ABORT_ERR' });
    await assertAll();
  });

  it('lets the thread wait while the server says nothing, and gives no memory back before it does', async () => {
    const { published, told, source } = start({ split: 'bytes' });
    on.server.freeze();
    try {
      // The question at the start has no answer, either.
      await until(() => told.includes('UNAVAILABLE'));
    } finally {
      on.server.thaw();
    }
    await published;
    assert.equal(source().stats().slotsLent, 0);
    assert.equal((await on.stored()).join(''), text);
  });

  it('holds what is under way, and no more, while acks do not come', async () => {
    const { published, told, source } = start({ maxInFlight: 100 });
    await until(() => (source()?.stats().slotsLent ?? 0) > 0);
    on.server.freeze();
    try {
      await until(() => told.includes('UNAVAILABLE'));
      const { bytesProduced, slotsLent, slotsReady } = source().stats();
      assert.ok(slotsLent > 0);
      assert.equal(slotsLent + slotsReady, 4);
      await turn();
      assert.equal(source().stats().bytesProduced, bytesProduced);
    } finally {
      on.server.thaw();
    }
    assert.equal((await published).messages, LINES);
    assert.equal(source().stats().slotsLent, 0);
    await assertAll();
  });

  it('hears what the server has said while the event loop stood still', async () => {
    const controller = new AbortController();
    const { published, told, source } = start({ maxInFlight: 100, signal: controller.signal });
    await until(() => (source()?.stats().slotsLent ?? 0) > 0);
    // So that something is under way, and all of it is sent.
    on.server.freeze();
    await turn();
    const begun = performance.now();
    on.server.thaw();
    const before = [...told];
    while (performance.now() - begun <= ANSWER_MS || !hasUnread(on.server.port));
    // In the first turn timers go off, and what has come is read; what either led to has happened by the end of the second.
    await turn();
    await turn();
    assert.deepEqual(told, before);
    controller.abort();
    await assert.rejects(published, { code: 'ABORT_ERR' });
  });

  it('waits while the stream is full, and goes on when there is room', async () => {
    const limit = 1000;
    await on.stream({ max_msgs: limit, discard: DiscardPolicy.New });
    const { published, told } = start();
    await until(() => told.filter((code) => code === 'FULL').length > 2);
    assert.equal(await messages(), limit);
    await on.manager.streams.update('LOGS', { max_msgs: -1 });
    await published;
    await assertAll();
  });

  it('fails when its patience is at an end, with what was the trouble', async () => {
    await on.stream({ max_msgs: 10, discard: DiscardPolicy.New });
    const { published } = start({ patience: 300 });
    await assert.rejects(published, { code: 'ERR_SLIPRING_JETSTREAM_FULL' });
    assert.equal(await messages(), 10);
    on.server.freeze();
    try {
      await assert.rejects(start({ patience: 100 }).published, { code: 'ERR_SLIPRING_JETSTREAM_UNAVAILABLE' });
    } finally {
      on.server.thaw();
    }
  });

  it('warns of a long wait when nobody listens', async () => {
    await on.stream({ max_msgs: 10, discard: DiscardPolicy.New });
    const controller = new AbortController();
    const { published } = start({ onRetry: undefined, signal: controller.signal });
    const warning = await new Promise<{ code?: string }>((resolve) => process.once('warning', resolve));
    assert.equal(warning.code, 'SLIPRING_JETSTREAM_WAITS');
    controller.abort();
    await assert.rejects(published, { code: 'ABORT_ERR' });
  });

  it('stores nothing twice when two publish the same file, and one of them is told', async () => {
    const both = await Promise.allSettled([start().published, start().published]);
    const failed = both
      .filter((one) => one.status === 'rejected')
      .map(({ reason }) => (reason as { code: string }).code);
    assert.deepEqual(failed, ['ERR_SLIPRING_JETSTREAM_CONFLICT']);
    await assertAll();
  });

  it('stops when somebody publishes something else to the subject', async () => {
    const { published } = start();
    while ((await messages()) === 0);
    await on.js.publish('logs.a', 'something else');
    await assert.rejects(published, { code: 'ERR_SLIPRING_JETSTREAM_FOREIGN' });
    await assert.rejects(start().published, { code: 'ERR_SLIPRING_JETSTREAM_FOREIGN' });
  });

  it('keeps the order although others publish to the same stream', async () => {
    const other = publish(createPatternStream({ length: 2_000_000, records: { size: 500 } }), on.js, {
      subject: 'logs.b',
      id: 'pattern',
    });
    const [mine, theirs] = await Promise.all([start().published, other]);
    assert.deepEqual([mine.messages, theirs.messages], [LINES, 4000]);
    await assertAll();
  });

  it('goes on when messages are removed meanwhile', async () => {
    const { published } = start();
    while ((await messages()) === 0);
    await on.manager.streams.purge('LOGS');
    assert.equal((await published).messages, LINES);
  });

  it('says that no stream has the subject, at the start and later', async () => {
    await assert.rejects(start({ subject: 'nobody.has' }).published, { code: 'ERR_SLIPRING_JETSTREAM_NO_STREAM' });
    const { published } = start();
    while ((await messages()) === 0);
    await on.manager.streams.delete('LOGS');
    await assert.rejects(published, { code: 'ERR_SLIPRING_JETSTREAM_NO_STREAM' });
  });

  it('refuses a stream that forgets', async () => {
    await on.stream({ retention: RetentionPolicy.Workqueue });
    await assert.rejects(start().published, { code: 'ERR_SLIPRING_JETSTREAM_RETENTION' });
  });

  it('says that the connection was closed', async () => {
    const nats = await connect({ servers: on.server.address, ...PATIENT });
    const source = createReadStream(file, { records: 'lines', follow: true });
    const published = publish(source, jetstream(nats), { subject: 'logs.a' });
    while ((await messages()) === 0);
    await nats.close();
    await assert.rejects(published, { code: 'ERR_SLIPRING_JETSTREAM_CLOSED' });
    assert.equal(source.destroyed, true);
    await assert.rejects(
      publish(() => source, jetstream(nats), { subject: 'logs.a' }),
      {
        code: 'ERR_SLIPRING_JETSTREAM_CLOSED',
      },
    );
  });
});

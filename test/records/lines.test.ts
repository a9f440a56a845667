/** The loop of lines(). */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createDeviceStream, createPluginStream, createReadStream, type ByteStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { closed, turn } from '../helpers/waiting';
import { describeWithFifos } from '../helpers/where';
import { compile, describeWithCompiler } from '../plugin/helpers/library';
import { throughFifo } from './helpers/through-fifo';

const BUSY = { code: 'ERR_SLIPRING_BUSY' };
const PREMATURE = { code: 'ERR_STREAM_PREMATURE_CLOSE' };

async function linesOf(stream: ByteStream): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of stream.lines()) lines.push(line);
  return lines;
}

const line = (value: string): IteratorResult<string> => ({ value, done: false });
const END = { value: undefined, done: true };

describe('lines()', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => (file = folder.write('lines', 'a\nb\r\n\nc')));

  it('needs no option', async () => {
    assert.deepEqual(await linesOf(createReadStream(file)), ['a', 'b', '', 'c']);
    assert.deepEqual(await linesOf(createReadStream(file, { slotSize: 64, slots: 1 })), ['a', 'b', '', 'c']);
    assert.deepEqual(await linesOf(createReadStream(file, 'hex')), ['61', '62', '', '63']);
  });

  it('has the records of other formats as strings', async () => {
    const stream = createReadStream(file, { records: { delimiter: 'b' } });
    assert.deepEqual(await linesOf(stream), ['a\n', '\r\n\nc']);
  });

  it('has no lines of an empty file', async () => {
    assert.deepEqual(await linesOf(createReadStream(folder.write('empty', ''))), []);
  });

  it('destroys the stream when it is left early', async () => {
    for (const options of [{}, { records: 'lines' } as const]) {
      const stream = createReadStream(file, options);
      for await (const first of stream.lines()) {
        assert.equal(first, 'a');
        break;
      }
      assert.ok(stream.destroyed);
      await closed(stream);
      assert.equal(stream.errored, null);
      assert.equal(stream.stats().slotsLent, 0);
    }
  });

  it('destroys the stream when the loop throws', async () => {
    const stream = createReadStream(file);
    await assert.rejects(
      async () => {
        for await (const first of stream.lines()) throw new Error(first);
      },
      { message: 'a' },
    );
    assert.ok(stream.destroyed);
  });

  it("ends the stream as others do: 'end', 'close' and no error", async () => {
    const events: string[] = [];
    const stream = createReadStream(file);
    for (const event of ['end', 'error', 'close']) stream.on(event, () => events.push(event));
    await linesOf(stream);
    await closed(stream);
    assert.deepEqual(events, ['end', 'close']);
    assert.equal(stream.stats().chunksDelivered, 4);
  });

  it('throws what opening fails with', async () => {
    await assert.rejects(linesOf(createReadStream(folder.path('missing'))), { code: 'ENOENT' });
    await assert.rejects(linesOf(createReadStream(folder.path('.'))), { code: 'EISDIR' });
  });

  it('answers calls that come at once in their order, and those behind the end', async () => {
    for (const options of [{}, { slotSize: 64, slots: 1 }]) {
      const lines = createReadStream(file, options).lines();
      const results = await Promise.all(Array.from({ length: 6 }, () => lines.next()));
      assert.deepEqual(results, [line('a'), line('b'), line(''), line('c'), END, END]);
      assert.deepEqual(await lines.next(), END);
    }
  });

  it('gives an error to the first of several calls that wait, and the end to those behind it', async () => {
    const stream = createReadStream(folder.write('long', `a\n${'b'.repeat(100)}`), {
      records: 'lines',
      maxRecordSize: 10,
    });
    const lines = stream.lines();
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => lines.next()));
    const seen = results.map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as NodeJS.ErrnoException).code,
    );
    assert.deepEqual(seen, [line('a'), 'ERR_SLIPRING_RECORD_TOO_LONG', END, END]);
  });

  it('is left by return() and throw(), before the first call too', async () => {
    const returned = createReadStream(file);
    assert.deepEqual(await returned.lines().return?.(), END);
    assert.ok(returned.destroyed);
    const thrown = createReadStream(file);
    const lines = thrown.lines();
    await assert.rejects(lines.throw?.(new RangeError('on purpose')) as Promise<unknown>, RangeError);
    assert.ok(thrown.destroyed);
    assert.deepEqual(await lines.next(), END);
  });

  it('hands on nothing more once its stream is destroyed', async () => {
    for (const [error, expected] of [
      [undefined, PREMATURE],
      [new RangeError('on purpose'), RangeError],
    ] as const) {
      const stream = createReadStream(file);
      const lines = stream.lines();
      assert.deepEqual(await lines.next(), line('a'));
      stream.destroy(error);
      await assert.rejects(lines.next(), expected);
      assert.deepEqual(await lines.next(), END);
    }
  });

  it('is over with the signal', async () => {
    const controller = new AbortController();
    const lines = createReadStream(file, { signal: controller.signal }).lines();
    await lines.next();
    controller.abort();
    await assert.rejects(lines.next(), { code: 'ABORT_ERR' });
  });

  it('needs the stream alone', async () => {
    const read = createReadStream(file, { records: 'lines' }).on('data', () => undefined);
    assert.throws(() => read.lines(), BUSY);
    await closed(read);
    const stream = createReadStream(file);
    stream.lines();
    for (const call of [
      () => stream.lines(),
      () => stream.slots(),
      () => stream.toWeb(),
      () => stream.pipe(process.stdout),
    ]) {
      assert.throws(call, BUSY);
    }
    stream.destroy();
    for (const other of [(of: ByteStream) => of.slots(), (of: ByteStream) => of.resume()]) {
      const taken = createReadStream(file);
      other(taken);
      assert.throws(() => taken.lines(), BUSY);
      taken.destroy();
    }
  });

  it('needs the option once the thread has started', async () => {
    const late = createReadStream(file);
    await once(late, 'ready');
    assert.throws(() => late.lines(), BUSY);
    late.destroy();
    const asked = createReadStream(file, { records: 'lines' });
    await once(asked, 'ready');
    assert.deepEqual(await linesOf(asked), ['a', 'b', '', 'c']);
  });

  it('refuses slots that are too small for a record', () => {
    const stream = createReadStream(file, { slotSize: 63 });
    assert.throws(() => stream.lines(), { code: 'ERR_OUT_OF_RANGE', message: /options\.slotSize/ });
    stream.destroy();
  });
});

describeWithFifos('lines() of what comes later', () => {
  const folder = temporaryFolder();

  it('is left by return() while a call waits, which is answered with the end', async () => {
    const stream = createDeviceStream(folder.fifo(), { persistent: true });
    const lines = stream.lines();
    await once(stream, 'ready');
    const waiting = [lines.next(), lines.next()];
    await turn();
    assert.deepEqual(await lines.return?.(), END);
    assert.deepEqual(await Promise.all(waiting), [END, END]);
    await closed(stream);
  });

  it('fails when its stream is destroyed while a call waits', async () => {
    const stream = createDeviceStream(folder.fifo(), { persistent: true });
    const lines = stream.lines();
    await once(stream, 'ready');
    const waiting = lines.next();
    await turn();
    stream.destroy();
    await assert.rejects(waiting, PREMATURE);
  });

  it('gives a line when its end has come', async () => {
    const lines = throughFifo(
      folder,
      ['a', 'b', '\r', '\nc', '\n\nd'].map((piece) => Buffer.from(piece)),
      {},
    ).lines();
    const got: string[] = [];
    for await (const of of lines) got.push(of);
    assert.deepEqual(got, ['ab', 'c', '', 'd']);
  });
});

describeWithCompiler('lines() of a plugin', () => {
  const folder = temporaryFolder();

  it('needs no option', async () => {
    const stream = createPluginStream(compile(folder, 'pattern'), { config: { seed: 1, words: 1000 } });
    const text = patternBytes(1, 0, 4000).toString('latin1').replaceAll('\r\n', '\n');
    const lines = await linesOf(stream.setEncoding('latin1'));
    assert.ok(lines.length > 5 && lines.join('\n') === text);
  });
});

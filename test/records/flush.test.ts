/** A record that has begun and does not end. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, createPluginStream, type DeviceStream, type DeviceStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';
import { describeWithFifos } from '../helpers/where';
import { compile, describeWithCompiler } from '../plugin/helpers/library';

/** Long for a machine, and short for who waits for a test. */
const AFTER = 20;

describeWithFifos('flushAfter', () => {
  const folder = temporaryFolder();

  async function open(options: DeviceStreamOptions): Promise<[stream: DeviceStream, writer: number]> {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { records: 'lines', flushAfter: AFTER, ...options });
    await once(stream, 'ready');
    return [stream, fs.openSync(path, 'w')];
  }

  it('hands on a record whose end does not come, and what comes then is the next one', async () => {
    const [stream, writer] = await open({ encoding: 'utf8' });
    fs.writeSync(writer, 'one\ntwo\nlogin: ');
    const got: unknown[] = [];
    for await (const record of stream) {
      got.push(record);
      if (record === 'login: ') fs.writeSync(writer, 'root\nPassword: ');
      if (record === 'Password: ') fs.closeSync(writer);
    }
    assert.deepEqual(got, ['one', 'two', 'login: ', 'root', 'Password: ']);
    const { chunksDelivered, chunksProduced, bytesDelivered } = stream.stats();
    assert.deepEqual(
      [chunksDelivered, chunksProduced, bytesDelivered],
      [5, 5, 'one\ntwo\nlogin: root\nPassword: '.length],
    );
  });

  it('does so for lines(), and for whoever comes when it has begun long ago', async () => {
    const [stream, writer] = await open({});
    fs.writeSync(writer, '> ');
    const lines = stream.lines();
    assert.deepEqual(await lines.next(), { value: '> ', done: false });
    fs.writeSync(writer, '>> ');
    assert.deepEqual(await lines.next(), { value: '>> ', done: false });
    await lines.return?.();
    fs.closeSync(writer);
  });

  it('hands on the whole of one that is longer than a slot, and joins nothing to it', async () => {
    for (const [slotSize, length] of [
      [64, 500],
      [64, 60],
      [65_536, 70_000],
    ] as const) {
      const [stream, writer] = await open({ slotSize, encoding: 'latin1' });
      const got: number[] = [];
      // Not by this thread: a FIFO holds less than the longest one.
      const put = (text: string): void => fs.write(writer, text, (error) => assert.equal(error, null));
      put('x'.repeat(length));
      for await (const record of stream as AsyncIterable<string>) {
        got.push(record.length);
        if (got.length === 5) fs.closeSync(writer);
        else put(got.length % 2 === 1 ? 'end\n' : 'x'.repeat(length));
      }
      assert.deepEqual(got, [length, 3, length, 3, length]);
    }
  });

  it('is said by the batch', async () => {
    const [stream, writer] = await open({});
    fs.writeSync(writer, 'one\ntwo');
    const got: unknown[] = [];
    for await (const batch of stream.batches()) {
      got.push([batch.strings(), batch.unfinished]);
      if (batch.unfinished) fs.closeSync(writer);
    }
    assert.deepEqual(got, [
      [['one'], false],
      [['two'], true],
    ]);
  });

  it('is for a delimiter, too', async () => {
    const [stream, writer] = await open({ records: { delimiter: '\0' }, encoding: 'latin1' });
    fs.writeSync(writer, 'a\0b');
    stream.on('data', (record) => record === 'b' && fs.closeSync(writer));
    await once(stream, 'end');
  });

  it('gives nothing of a stream that was destroyed', async () => {
    const [stream, writer] = await open({});
    const got: unknown[] = [];
    stream.on('data', (record) => got.push(record));
    fs.writeSync(writer, 'begun');
    await once(stream, 'data');
    fs.writeSync(writer, 'and again');
    stream.destroy();
    await closed(stream);
    fs.closeSync(writer);
    assert.equal(got.length, 1);
  });
});

describeWithCompiler('flushAfter of a plugin', () => {
  const folder = temporaryFolder();

  it('hands on what was pushed of a record whose end is not', async () => {
    const stream = createPluginStream(compile(folder, 'prompt'), { records: 'lines', flushAfter: AFTER });
    const lines = stream.lines();
    assert.deepEqual(await lines.next(), { value: 'one', done: false });
    assert.deepEqual(await lines.next(), { value: 'login: ', done: false });
    await lines.return?.();
    await closed(stream);
  });
});

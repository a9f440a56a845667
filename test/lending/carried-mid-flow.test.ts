/** What others do to a pipe into a file while the native thread itself writes there. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { PassThrough } from 'node:stream';

import { uncaughtDuring } from '../helpers/uncaught';
import { bytesOf, turn, until } from '../helpers/waiting';
import { closing, LENGTH, PipedFiles } from './helpers/carried';

describe('a pipe into a file, when the thread is writing', () => {
  const files = new PipedFiles();

  it('keeps its order with what others write', async () => {
    const { sink } = await files.underWay();
    sink.write('between');
    await closing(sink);
    assert.equal(sink.bytesWritten, LENGTH + 7);
    const at = files.written.indexOf('between');
    assert.ok(at > 0);
    files.assertWritten(files.content.subarray(0, at), 'between', files.content.subarray(at));
  });

  it('keeps what others write back while it is corked', async () => {
    const { sink } = await files.underWay();
    sink.cork();
    sink.write('between');
    await until(() => sink.writableNeedDrain);
    assert.equal(files.written.indexOf('between'), -1);
    sink.uncork();
    await closing(sink);
    assert.equal(sink.bytesWritten, LENGTH + 7);
  });

  it('goes on by hand', async () => {
    const { stream, sink } = await files.underWay();
    stream.unpipe(sink);
    sink.write('by hand');
    sink.end();
    await closing(sink);
    const carried = sink.bytesWritten - 7;
    files.assertWritten(files.content.subarray(0, carried), 'by hand');
    stream.destroy();
  });

  it('goes on elsewhere without a gap when it is undone', async () => {
    const { stream, sink } = await files.underWay();
    stream.unpipe(sink);
    sink.end();
    await closing(sink);
    files.assertWritten(files.content.subarray(0, sink.bytesWritten));
    files.assertRest(await bytesOf(stream));
    assert.equal(stream.bytesRead, LENGTH);
  });

  it('goes on where it was when it is undone and done again', async () => {
    const { stream, sink } = await files.underWay();
    stream.unpipe(sink);
    await turn();
    stream.pipe(sink);
    await closing(sink);
    files.assertWritten(files.content);
  });

  it('goes to a second file, too, from the moment on when that is piped into', async () => {
    const { stream, sink } = await files.underWay();
    const second = stream.pipe(fs.createWriteStream(files.path('second')));
    await Promise.all([closing(sink), closing(second)]);
    files.assertWritten(files.content);
    files.assertRest(fs.readFileSync(second.path));
  });

  it('goes to a PassThrough, too, from the moment on when that is piped into', async () => {
    const { stream, sink } = await files.underWay();
    const rest = await bytesOf(stream.pipe(new PassThrough()));
    await closing(sink);
    files.assertWritten(files.content);
    files.assertRest(rest);
  });

  it('shows the rest to who begins to listen', async () => {
    const { stream, sink } = await files.underWay();
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk as Buffer));
    await closing(sink);
    files.assertWritten(files.content);
    files.assertRest(Buffer.concat(chunks));
  });

  it('leaves the rest to who reads it by read()', async () => {
    const { stream, sink } = await files.underWay();
    stream.unpipe(sink);
    const chunks: Buffer[] = [];
    stream.on('readable', () => {
      for (let chunk; (chunk = stream.read() as Buffer | null) !== null;) chunks.push(chunk);
    });
    await until(() => stream.readableEnded);
    files.assertRest(Buffer.concat(chunks));
    sink.end();
    await closing(sink);
    files.assertWritten(files.content.subarray(0, sink.bytesWritten));
  });

  it('stands still while it is paused', async () => {
    const { stream, sink } = await files.underWay();
    stream.pause();
    // What was under way comes to its end.
    sink.write('between');
    await until(() => sink.writableLength === 0);
    const { bytesWritten } = sink;
    for (let i = 0; i < 10; ++i) await turn();
    assert.equal(sink.bytesWritten, bytesWritten);
    assert.equal(files.written.length, bytesWritten);
    stream.resume();
    await closing(sink);
    assert.equal(sink.bytesWritten, LENGTH + 7);
  });

  it('goes on into a second file when a listener of the first one throws', async () => {
    const { stream, sink } = await files.underWay();
    const second = stream.pipe(fs.createWriteStream(files.path('second')));
    sink.on('finish', () => {
      throw new Error('on purpose');
    });
    const caught = await uncaughtDuring(async () => {
      sink.end();
      await closing(second);
    });
    assert.deepEqual(
      caught.map((error) => (error as Error).message),
      ['on purpose'],
    );
    files.assertWritten(files.content.subarray(0, sink.bytesWritten));
    files.assertRest(fs.readFileSync(second.path));
  });

  it('tells its callbacks of what is written behind it', async () => {
    const { sink } = await files.underWay();
    const shown: number[] = [];
    sink.write('between', () => shown.push(sink.bytesWritten));
    await until(() => shown.length > 0);
    // All that lies before it is counted by then.
    assert.equal(files.written.indexOf('between') + 7, shown[0]);
    await closing(sink);
  });

  it('goes on when its slots are lent to somebody else in turns', async () => {
    const { stream, sink } = await files.underWay({ slotSize: 65_536, slots: 2 });
    for (let times = 0; times < 3; times++) {
      const listener = (): void => undefined;
      stream.on('data', listener);
      await turn();
      stream.off('data', listener);
      await turn();
    }
    await closing(sink);
    files.assertWritten(files.content);
  });
});

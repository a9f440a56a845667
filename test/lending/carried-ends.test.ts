/** How a pipe into a file ends to which the native thread itself writes. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ProducerStream } from 'slipring';

import { descriptors, onLinux } from '../helpers/process';
import { nodes, ours } from '../helpers/twins';
import { turn, until } from '../helpers/waiting';
import { itWhere, onWindows } from '../helpers/where';
import { closing, eventsOf, LENGTH, PipedFiles } from './helpers/carried';

describe('the end of a pipe into a file, when the thread is writing', () => {
  const files = new PipedFiles();
  /** All that was written is counted, and in its place. */
  const assertBeginning = (sink: fs.WriteStream): void => {
    files.assertWritten(files.content.subarray(0, sink.bytesWritten));
  };

  it('is where it is when its destination is destroyed, which is closed then', async () => {
    const { stream, sink, events } = await files.underWay();
    sink.destroy();
    await closing(sink);
    // As with Node, in the middle of a write.
    const nodesSink = fs.createWriteStream(files.path('second'));
    const expected = eventsOf(nodesSink);
    nodesSink.on('ready', () => {
      nodes(files.input)
        .once('data', () => process.nextTick(() => nodesSink.destroy()))
        .pipe(nodesSink);
    });
    await closing(nodesSink);
    assert.deepEqual(events.filter((event) => event !== 'drain').sort(), [...expected].sort());
    assert.deepEqual(events.slice(-3), expected.slice(-3));
    assertBeginning(sink);
    await turn();
    assertBeginning(sink);
    stream.destroy();
    await until(() => stream.closed);
    assertBeginning(sink);
  });

  it('leaves the destination as it is when the source is destroyed', async () => {
    const { stream, sink } = await files.underWay();
    stream.destroy();
    await until(() => stream.closed);
    await turn();
    assertBeginning(sink);
    assert.equal(sink.destroyed, false);
    const { bytesWritten } = sink;
    sink.end('after');
    await closing(sink);
    files.assertWritten(files.content.subarray(0, bytesWritten), 'after');
  });

  it('counts what was delivered when the source is destroyed', async () => {
    const { stream, sink } = await files.underWay();
    stream.destroy();
    await until(() => stream.closed);
    await turn();
    const { bytesDelivered, bytesProduced } = (stream as unknown as ProducerStream).stats();
    assert.ok(sink.bytesWritten > 0);
    assert.ok(bytesDelivered >= sink.bytesWritten, `${bytesDelivered} of ${sink.bytesWritten}`);
    assert.ok(bytesProduced >= bytesDelivered, `${bytesProduced} of ${bytesDelivered}`);
    sink.destroy();
    await closing(sink);
  });

  it('is both their ends when pipeline() is aborted', async () => {
    const controller = new AbortController();
    const sink = fs.createWriteStream(files.output);
    const stream = ours(files.input);
    const failed = assert.rejects(pipeline(stream, sink, { signal: controller.signal }), { name: 'AbortError' });
    await files.carrying();
    controller.abort();
    await failed;
    await closing(sink);
    await until(() => stream.closed);
    assert.ok(sink.destroyed && stream.destroyed);
    assertBeginning(sink);
  });

  it('is that of pipeline(), after which all is counted', async () => {
    const sink = fs.createWriteStream(files.output);
    let atFinish = 0;
    sink.on('finish', () => (atFinish = sink.bytesWritten));
    await pipeline(ours(files.input), sink);
    assert.equal(atFinish, LENGTH);
    assertBeginning(sink);
  });

  itWhere(!onWindows, 'it may not be closed')('is an error of its destination when that was closed', async () => {
    const { stream, sink } = await files.underWay();
    const failed = new Promise<Error>((resolve) => sink.once('error', resolve));
    fs.closeSync((sink as unknown as { fd: number }).fd);
    assert.equal(((await failed) as NodeJS.ErrnoException).code, 'EBADF');
    await closing(sink);
    assertBeginning(sink);
    stream.destroy();
    await until(() => stream.closed);
  });

  itWhere(!onWindows, 'it may not be closed')('is an error of its source when that was closed', async () => {
    const fd = fs.openSync(files.input, 'r');
    const { stream, sink } = await files.underWay({ fd, autoClose: false }, '');
    const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
    fs.closeSync(fd);
    const { code, syscall } = (await failed) as NodeJS.ErrnoException;
    assert.deepEqual({ code, syscall }, { code: 'EBADF', syscall: 'read' });
    sink.end('after');
    await closing(sink);
    files.assertWritten(files.content.subarray(0, sink.bytesWritten - 5), 'after');
    stream.destroy();
    await until(() => stream.closed);
  });

  it('comes where the input ends by then, which grows or shrinks meanwhile', async () => {
    for (const length of [LENGTH + 10, LENGTH - 10]) {
      fs.copyFileSync(files.input, files.path('changing'));
      const { sink } = await files.underWay({}, files.path('changing'));
      fs.truncateSync(files.path('changing'), length);
      await closing(sink);
      assert.equal(sink.bytesWritten, length);
      files.assertWritten(Buffer.concat([files.content, Buffer.alloc(10)]).subarray(0, length));
      files.clear();
    }
  });

  it('is seen by functions of node:fs that were replaced', async () => {
    const { write } = fs;
    let bytes = 0;
    try {
      fs.write = ((...args: Parameters<typeof write>) => {
        bytes += (args as unknown as number[])[3] ?? 0;
        return write(...args);
      }) as typeof write;
      await closing(ours(files.input).pipe(fs.createWriteStream(files.output)));
    } finally {
      fs.write = write;
    }
    files.assertWritten(files.content);
    // The first chunks, which came before it was open, fs.writev() has written.
    assert.ok(bytes > LENGTH / 2, `${bytes} bytes`);
  });

  it('is seen by a _write() that was replaced', async () => {
    const sink = fs.createWriteStream(files.output);
    let bytes = 0;
    const write = sink._write.bind(sink);
    sink._write = (chunk: Buffer, encoding, callback): void => {
      bytes += chunk.length;
      write(chunk, encoding, callback);
    };
    await closing(ours(files.input).pipe(sink));
    files.assertWritten(files.content);
    assert.equal(bytes, LENGTH);
  });

  itWhere(onLinux, 'no /proc')('leaves no descriptor behind, however it comes', async () => {
    const before = descriptors().length;
    for (const end of ['stream', 'sink', 'both', 'none'] as const) {
      const { stream, sink } = await files.underWay();
      if (end !== 'sink' && end !== 'none') stream.destroy();
      if (end !== 'stream' && end !== 'none') sink.destroy();
      else if (end === 'stream') await until(() => stream.closed).then(() => sink.end());
      await closing(sink);
      stream.destroy();
      await until(() => stream.closed);
      assert.equal(descriptors().length, before, end);
      files.clear();
    }
  });

  itWhere(onLinux, 'no prlimit')('is an error, as with Node, when the file is as large as one may get', () => {
    const child = path.join(__dirname, 'fixtures', 'pipe-to-full.js');
    const run = (which: string): string => {
      files.clear();
      const limit = ['--fsize=20000000', process.execPath, child, which, files.input, files.output];
      const { stdout, stderr } = spawnSync('prlimit', limit, { encoding: 'utf8' });
      assert.equal(stderr, '');
      assert.equal(files.written.length, 20_000_000);
      return stdout;
    };
    assert.equal(run('ours'), run('nodes'));
  });

  function runChild(how: string): number {
    const child = path.join(__dirname, 'fixtures', 'exit-in-pipe.js');
    const args = [child, how, files.input, files.output];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    const { length } = files.written;
    files.assertWritten(files.content.subarray(0, length));
    assert.ok(length > 0 && stdout !== '', `${length} bytes`);
    return length - Number(stdout);
  }

  it('comes with process.exit(): what was written stays', () => {
    assert.ok(runChild('exit') >= 0);
  });

  it('is waited for by the process when nothing else is to be done', () => {
    assert.equal(runChild('unpipe'), 0);
  });
});

/** A pipe into a file, whose bytes the ring's own thread writes: as Node would, whoever comes between. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createHook } from 'node:async_hooks';
import fs from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import { createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { assertPattern } from '../helpers/pattern';
import { closed, until } from '../helpers/waiting';

const SEED = 5;
const MIB = 1024 * 1024;

/** How many operations of node:fs begin until that ends. */
async function operationsDuring(work: () => Promise<unknown>): Promise<number> {
  let operations = 0;
  const hook = createHook({ init: (_id, type) => void (type === 'FSREQCALLBACK' && operations++) }).enable();
  await work();
  hook.disable();
  return operations;
}

describe('a pipe into a file', () => {
  const folder = temporaryFolder();
  let files = 0;
  const nextFile = (): string => folder.path(`out-${files++}`);

  /** Checks that the bytes are the pattern's, from `offset` on. Returns where they end. */
  function readPattern(bytes: Buffer, offset = 0): number {
    assertPattern(bytes, SEED, offset);
    return offset + bytes.length;
  }

  /** An endless stream that is piped into a file, and of which the thread has written some. */
  async function underWay(options: Parameters<typeof fs.createWriteStream>[1] = {}): Promise<{
    stream: ProducerStream;
    sink: fs.WriteStream;
    file: string;
  }> {
    const file = nextFile();
    const stream = createPatternStream({ seed: SEED });
    const sink = stream.pipe(fs.createWriteStream(file, options));
    await until(() => sink.bytesWritten > 5 * MIB); // more than one chunk
    return { stream, sink, file };
  }

  for (const length of [0, 1, 65_536, 65_537, 3 * MIB, 40 * MIB + 5]) {
    it(`has all of ${length} bytes, and both streams say so`, async () => {
      const source = folder.fill(`source-${length}`, length);
      const [stream, sink] = [createReadStream(source), fs.createWriteStream(nextFile())];
      await pipeline(stream, sink);
      assert.ok(fs.readFileSync(sink.path).equals(fs.readFileSync(source)));
      assert.deepEqual([sink.bytesWritten, stream.bytesRead], [length, length]);
      const { bytesProduced, bytesDelivered, chunksProduced, chunksDelivered } = stream.stats();
      assert.deepEqual([bytesDelivered, chunksDelivered], [bytesProduced, chunksProduced]);
    });
  }

  it('takes no thread of the pool but for the first chunk', async () => {
    const source = folder.fill('source', 20 * MIB);
    const operations = await operationsDuring(() =>
      pipeline(createReadStream(source), fs.createWriteStream(nextFile())),
    );
    assert.ok(operations <= 5, `${operations} operations`); // open, write, close, and what Node adds
  });

  it('is read in whole slots where it is to leave no trace in the page cache', async () => {
    const stream = createReadStream(folder.fill('source', 20 * MIB), { cache: false });
    await pipeline(stream, fs.createWriteStream(nextFile()));
    assert.ok(stream.stats().chunksProduced <= 11);
  });

  it('needs no more than one slot', async () => {
    const sink = fs.createWriteStream(nextFile());
    await pipeline(createPatternStream({ seed: SEED, length: 5 * MIB, slots: 1 }), sink);
    assert.equal(readPattern(fs.readFileSync(sink.path)), 5 * MIB);
  });

  it('begins where the file stream does', async () => {
    const file = nextFile();
    fs.writeFileSync(file, 'begin and end');
    const sink = fs.createWriteStream(file, { flags: 'r+', start: 5 });
    await pipeline(createPatternStream({ seed: SEED, length: 5 * MIB }), sink);
    assert.equal(fs.readFileSync(file, 'latin1').slice(0, 5), 'begin');
    assert.equal(readPattern(fs.readFileSync(file).subarray(5)), 5 * MIB);
  });

  it('appends', async () => {
    const file = nextFile();
    fs.writeFileSync(file, 'before');
    await pipeline(createPatternStream({ seed: SEED, length: 5 * MIB }), fs.createWriteStream(file, { flags: 'a' }));
    assert.equal(readPattern(fs.readFileSync(file).subarray(6)), 5 * MIB);
  });

  it('goes on where it was undone, in another file', async () => {
    const { stream, sink, file } = await underWay();
    stream.unpipe(sink);
    const { bytesDelivered: begin } = stream.stats();
    const second = fs.createWriteStream(nextFile());
    stream.pipe(second);
    await until(() => second.bytesWritten > 0);
    stream.unpipe(second);
    await Promise.all([finished(sink.end()), finished(second.end())]);
    const middle = readPattern(fs.readFileSync(file));
    assert.deepEqual([middle, sink.bytesWritten], [begin, begin]);
    assert.equal(readPattern(fs.readFileSync(second.path), middle), middle + second.bytesWritten);
    const { bytesDelivered } = stream.stats();
    assert.equal(bytesDelivered, sink.bytesWritten + second.bytesWritten + stream.readableLength);
    await closed(stream.destroy());
  });

  it("gives all that follows to a 'data' listener, too", async () => {
    const { stream, sink, file } = await underWay();
    const kept: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => kept.push(chunk));
    const { bytesDelivered: begin } = stream.stats();
    await until(() => kept.length > 3);
    stream.unpipe(sink).removeAllListeners('data').pause();
    await finished(sink.end());
    const end = readPattern(fs.readFileSync(file));
    assert.equal(readPattern(Buffer.concat(kept), begin), end);
    await closed(stream.destroy());
  });

  it('gives all that follows to a second file, too', async () => {
    const { stream, sink, file } = await underWay();
    const second = stream.pipe(fs.createWriteStream(nextFile()));
    const { bytesDelivered: begin } = stream.stats();
    await until(() => second.bytesWritten > 0);
    stream.unpipe();
    await Promise.all([finished(sink.end()), finished(second.end())]);
    assert.equal(readPattern(fs.readFileSync(second.path), begin), readPattern(fs.readFileSync(file)));
    await closed(stream.destroy());
  });

  it('gives nothing to a read() besides', async () => {
    const { stream, sink, file } = await underWay();
    const enough = sink.bytesWritten + 20 * MIB;
    await until(() => {
      assert.equal(stream.read(), null);
      return sink.bytesWritten > enough;
    });
    stream.unpipe(sink);
    await finished(sink.end());
    assert.equal(readPattern(fs.readFileSync(file)), sink.bytesWritten);
    await closed(stream.destroy());
  });

  it('lets others write between two chunks', async () => {
    const { stream, sink, file } = await underWay({ start: 0 });
    await new Promise((resolve) => sink.write('between', resolve));
    await until(() => sink.writableLength === 0 || sink.writableNeedDrain);
    stream.unpipe(sink);
    await finished(sink.end());
    const bytes = fs.readFileSync(file);
    const at = bytes.indexOf('between');
    assert.equal(readPattern(bytes.subarray(0, at)), at);
    assert.equal(readPattern(bytes.subarray(at + 7), at), bytes.length - 7);
    assert.equal(sink.bytesWritten, bytes.length);
    await closed(stream.destroy());
  });

  it("is over when somebody takes away its 'data' listener", async () => {
    const { stream, sink, file } = await underWay();
    stream.removeAllListeners('data');
    await until(() => sink.writableLength === 0);
    await closed(stream.destroy());
    await finished(sink.end());
    assert.equal(readPattern(fs.readFileSync(file)), sink.bytesWritten);
  });

  it('is undone when somebody ends its destination', async () => {
    const { stream, sink, file } = await underWay();
    await finished(sink.end());
    assert.equal(readPattern(fs.readFileSync(file)), sink.bytesWritten);
    assert.equal(stream.isPaused(), true);
    await closed(stream.destroy());
  });

  it('ends with its destination, which closes its file', async () => {
    const { stream, sink, file } = await underWay();
    sink.on('error', () => undefined).destroy(); // Node says that a write was under way
    await new Promise<void>((resolve) => sink.once('close', resolve));
    assert.equal(fs.statSync(file).size, sink.bytesWritten);
    assert.equal(readPattern(fs.readFileSync(file)), sink.bytesWritten);
    assert.equal(stream.isPaused(), true);
    await closed(stream.destroy());
  });

  it('leaves a file that can be written on when the stream is destroyed', async () => {
    const { stream, sink, file } = await underWay();
    await closed(stream.destroy());
    await finished(sink.end('after'));
    const bytes = fs.readFileSync(file);
    assert.equal(readPattern(bytes.subarray(0, -5)), bytes.length - 5);
    assert.deepEqual([bytes.subarray(-5).toString(), sink.bytesWritten], ['after', bytes.length]);
  });

  /** Copies in a process of its own that may write so many bytes. Returns what it says. */
  function copyInChild(source: string, copy: string, most: number): string {
    const script = `
      const { createReadStream } = require(${JSON.stringify(require.resolve('slipring'))});
      const { createWriteStream } = require('node:fs');
      process.on('SIGXFSZ', () => undefined);
      const sink = createReadStream(process.argv[1]).pipe(createWriteStream(process.argv[2]));
      const say = (...words) => sink.on('close', () => console.log(...words, sink.bytesWritten));
      sink.on('error', ({ code, syscall }) => say(code, syscall)).on('finish', () => say('finish'));`;
    const limited = ['-c', `ulimit -f ${most / 1024}; exec "$0" -e "$@"`, process.execPath, script, source, copy];
    const { stdout, stderr } = spawnSync('bash', limited, { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout;
  }

  it('keeps no descriptor when the stream is destroyed before the thread begins', async function () {
    if (!fs.existsSync('/proc/self/fd')) this.skip();
    const descriptors = (): number => fs.readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let round = 0; round < 3; round++) {
      // The first write takes much longer than to stop the thread.
      const stream = createPatternStream({ seed: SEED, slots: 2, slotSize: 64 * MIB });
      const sink = stream.pipe(fs.createWriteStream(nextFile()));
      await until(() => sink.writableLength > 1000);
      await closed(stream.destroy());
      await until(() => sink.writableLength === 0);
      await finished(sink.end());
    }
    assert.equal(descriptors(), before);
  });

  it('gives what the thread cannot write to Node, which says why', () => {
    const [source, copy] = [folder.fill('source', 8 * MIB), nextFile()];
    assert.equal(copyInChild(source, copy, 3 * MIB), `EFBIG write ${3 * MIB}\n`);
    assert.ok(fs.readFileSync(copy).equals(fs.readFileSync(source).subarray(0, 3 * MIB)));
  });

  it('keeps the process until all is written', () => {
    const [source, copy] = [folder.fill('source', 64 * MIB), nextFile()];
    assert.equal(copyInChild(source, copy, 64 * MIB), `finish ${64 * MIB}\n`);
    assert.ok(fs.readFileSync(copy).equals(fs.readFileSync(source)));
  });

  it('passes by no function that stands in the place of fs.write()', async () => {
    const { write } = fs;
    let calls = 0;
    fs.write = ((...args: Parameters<typeof write>) => {
      calls++;
      write(...args);
    }) as typeof write;
    const sink = fs.createWriteStream(nextFile(), { highWaterMark: 1 }); // without writev()
    try {
      await pipeline(createPatternStream({ seed: SEED, length: 40 * MIB }), sink);
    } finally {
      fs.write = write;
    }
    assert.ok(calls >= 10, `${calls} calls`); // for chunks of 4 MiB
  });

  it('does not wait for a source that is silent', async () => {
    const fifo = folder.fifo();
    const writer = fs.openSync(fifo, 'r+');
    const stream = createReadStream(fifo);
    const sink = stream.pipe(fs.createWriteStream(nextFile()));
    fs.writeSync(writer, 'first');
    await until(() => sink.bytesWritten === 5);
    assert.equal(sink.writableLength, 0);
    await closed(stream.destroy());
    sink.end();
    fs.closeSync(writer);
  });
});

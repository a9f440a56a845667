/** A pipe into a file to which the native thread itself writes: what can be seen of that is what Node's own pipe does. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { descriptors, onLinux } from '../helpers/process';
import { assertSameAsNode, type Create, describeError, nodes, ours } from '../helpers/twins';
import { turn, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';

const MIB = 1024 * 1024;
const LENGTH = 64 * MIB + 5;
const EVENTS = ['open', 'ready', 'pipe', 'unpipe', 'finish', 'error', 'close'];

/** The events of a stream, without listening to them. */
function eventsOf(stream: fs.WriteStream): string[] {
  const events: string[] = [];
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (EVENTS.includes(String(event))) events.push(String(event));
    return emit(event, ...values);
  };
  stream.on('error', () => undefined);
  return events;
}

const positionOf = (sink: object): unknown => (sink as { pos?: unknown }).pos;
const closing = (sink: fs.WriteStream): Promise<void> => until(() => sink.closed);

describe('a pipe into a file', () => {
  const folder = temporaryFolder();
  let input = '';
  let content = Buffer.alloc(0);
  before(() => {
    input = folder.fill('input', LENGTH);
    content = fs.readFileSync(input);
  });
  const output = (): string => folder.path('output');
  const written = (): Buffer => fs.readFileSync(output());
  const assertWritten = (...parts: (Buffer | string)[]): void => {
    assert.ok(written().equals(Buffer.concat(parts.map((part) => Buffer.from(part)))), 'other bytes');
  };
  beforeEach(() => {
    fs.rmSync(output(), { force: true });
  });

  it('is written to by the thread, many slots at a time', async () => {
    const stream = createReadStream(input, { slotSize: 65_536 });
    const sink = stream.pipe(fs.createWriteStream(output()));
    await closing(sink);
    assertWritten(content);
    const { chunksDelivered, bytesDelivered, bytesProduced } = stream.stats();
    assert.deepEqual([bytesDelivered, bytesProduced, stream.bytesRead, sink.bytesWritten], Array(4).fill(LENGTH));
    assert.ok(chunksDelivered < LENGTH / 65_536 / 4, `${chunksDelivered} chunks`);
  });

  // What differs in each: how the sink is made, and what is done with it. All return what is compared with Node.
  const scenarios: Record<string, (create: Create) => Promise<unknown>> = {
    'as a whole': async (create) => {
      const sink = fs.createWriteStream(output());
      const events = eventsOf(sink);
      create(input).pipe(sink);
      await closing(sink);
      assertWritten(content);
      return { events, bytes: sink.bytesWritten, pos: positionOf(sink) };
    },
    'from a place on': async (create) => {
      fs.writeFileSync(output(), 'x'.repeat(20));
      const sink = create(input).pipe(fs.createWriteStream(output(), { flags: 'r+', start: 10 }));
      await closing(sink);
      assertWritten('x'.repeat(10), content);
      return { bytes: sink.bytesWritten, pos: positionOf(sink) };
    },
    'at the end of what is there': async (create) => {
      fs.writeFileSync(output(), 'before');
      const sink = create(input).pipe(fs.createWriteStream(output(), { flags: 'a' }));
      await closing(sink);
      assertWritten('before', content);
      return sink.bytesWritten;
    },
    'by a descriptor, at its position': async (create) => {
      const fd = fs.openSync(output(), 'w');
      fs.writeSync(fd, 'before');
      const sink = create(input).pipe(fs.createWriteStream('', { fd, autoClose: false }));
      await finished(sink);
      fs.writeSync(fd, 'after');
      fs.closeSync(fd);
      assertWritten('before', content, 'after');
      return sink.bytesWritten;
    },
    'and flushed': async (create) => {
      const sink = create(input).pipe(fs.createWriteStream(output(), { flush: true }));
      await closing(sink);
      assertWritten(content);
      return sink.bytesWritten;
    },
    'part of the input': async (create) => {
      const sink = create(input, { start: 5, end: 30 * MIB }).pipe(fs.createWriteStream(output()));
      await closing(sink);
      assertWritten(content.subarray(5, 30 * MIB + 1));
      return sink.bytesWritten;
    },
    'with something written before and after, and no end': async (create) => {
      const sink = fs.createWriteStream(output());
      const events = eventsOf(sink);
      sink.write('before');
      const stream = create(input);
      stream.pipe(sink, { end: false });
      await finished(stream);
      sink.end('after');
      await closing(sink);
      assertWritten('before', content, 'after');
      return { events, bytes: sink.bytesWritten };
    },
    'twice, one input after the other': async (create) => {
      const sink = fs.createWriteStream(output());
      for (const end of [false, true]) {
        const stream = create(input);
        stream.pipe(sink, { end });
        await finished(stream);
      }
      await closing(sink);
      assertWritten(content, content);
      return sink.bytesWritten;
    },
    'while it is corked at first': async (create) => {
      const sink = fs.createWriteStream(output());
      sink.cork();
      sink.write('before');
      create(input).pipe(sink);
      await turn();
      sink.uncork();
      await closing(sink);
      assertWritten('before', content);
      return sink.bytesWritten;
    },
    'that can only be read': async (create) => {
      const sink = fs.createWriteStream('', { fd: fs.openSync(input, 'r') });
      const events = eventsOf(sink);
      const stream = create(input);
      stream.pipe(sink);
      await closing(sink);
      stream.destroy();
      return { events, error: sink.errored && describeError(sink.errored) };
    },
  };
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(`${name}, as with Node`, () =>
      assertSameAsNode((create) => (fs.rmSync(output(), { force: true }), scenario(create))));
  }

  /** A pipe that is under way, and the thread at it. */
  async function underWay(): Promise<{ stream: fs.ReadStream; sink: fs.WriteStream; events: string[] }> {
    const sink = fs.createWriteStream(output());
    const events = eventsOf(sink);
    const stream = ours(input);
    stream.pipe(sink);
    await until(() => sink.bytesWritten > 128 * 1024);
    assert.ok(sink.bytesWritten < LENGTH, 'it is over already');
    return { stream, sink, events };
  }

  it('keeps its order with what others write in the middle', async () => {
    const { sink } = await underWay();
    sink.write('between');
    await closing(sink);
    assert.equal(sink.bytesWritten, LENGTH + 7);
    const at = written().indexOf('between');
    assert.ok(at > 0);
    assertWritten(content.subarray(0, at), 'between', content.subarray(at));
  });

  it('ends where it is when its destination is destroyed, and is closed then', async () => {
    const { stream, sink, events } = await underWay();
    sink.destroy();
    await closing(sink);
    // As with Node, in the middle of a write.
    const nodesSink = fs.createWriteStream(folder.path('second'));
    const expected = eventsOf(nodesSink);
    nodesSink.on('ready', () => {
      nodes(input)
        .once('data', () => process.nextTick(() => nodesSink.destroy()))
        .pipe(nodesSink);
    });
    await closing(nodesSink);
    assert.deepEqual([...events].sort(), [...expected].sort());
    assert.deepEqual(events.slice(-3), expected.slice(-3));
    const { length } = written();
    await turn();
    assertWritten(content.subarray(0, length));
    stream.destroy();
    await until(() => stream.closed);
    assertWritten(content.subarray(0, length));
  });

  it('leaves its destination as it is when its source is destroyed', async () => {
    const { stream, sink } = await underWay();
    stream.destroy();
    await until(() => stream.closed);
    await turn();
    assertWritten(content.subarray(0, sink.bytesWritten));
    assert.equal(sink.destroyed, false);
    const { bytesWritten } = sink;
    sink.end('after');
    await closing(sink);
    assertWritten(content.subarray(0, bytesWritten), 'after');
  });

  it('that is undone in the middle goes on elsewhere without a gap', async () => {
    const { stream, sink } = await underWay();
    stream.unpipe(sink);
    sink.end();
    await closing(sink);
    assertWritten(content.subarray(0, sink.bytesWritten));
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    assert.ok(Buffer.concat([written(), ...chunks]).equals(content));
  });

  it('goes to a second file, too, from the moment on when that is piped into', async () => {
    const { stream, sink } = await underWay();
    const second = folder.path('second');
    const other = stream.pipe(fs.createWriteStream(second));
    await Promise.all([closing(sink), closing(other)]);
    assertWritten(content);
    const rest = fs.readFileSync(second);
    assert.ok(rest.length > 0 && content.subarray(LENGTH - rest.length).equals(rest));
  });

  it('shows the rest to who begins to listen', async () => {
    const { stream, sink } = await underWay();
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk as Buffer));
    await closing(sink);
    assertWritten(content);
    const rest = Buffer.concat(chunks);
    assert.ok(rest.length > 0 && content.subarray(LENGTH - rest.length).equals(rest));
  });

  it('stands still while it is paused', async () => {
    const { stream, sink } = await underWay();
    stream.pause();
    // What was under way comes to its end.
    sink.write('between');
    await until(() => sink.writableLength === 0);
    const { bytesWritten } = sink;
    for (let i = 0; i < 10; ++i) await turn();
    assert.equal(sink.bytesWritten, bytesWritten);
    stream.resume();
    await closing(sink);
    assert.equal(sink.bytesWritten, LENGTH + 7);
  });

  it('is written with functions of node:fs that were replaced', async () => {
    const { write } = fs;
    let bytes = 0;
    try {
      fs.write = ((...args: Parameters<typeof write>) => {
        bytes += (args as unknown as number[])[3] ?? 0;
        return write(...args);
      }) as typeof write;
      await closing(ours(input, { slotSize: 65_536 }).pipe(fs.createWriteStream(output())));
    } finally {
      fs.write = write;
    }
    assertWritten(content);
    assert.ok(bytes > 0);
  });

  itWhere(onLinux, 'no /proc')('leaves no descriptor behind, however it ends', async () => {
    const before = descriptors().length;
    for (const end of ['stream', 'sink', 'both', 'none'] as const) {
      const { stream, sink } = await underWay();
      if (end !== 'sink' && end !== 'none') stream.destroy();
      if (end !== 'stream' && end !== 'none') sink.destroy();
      else if (end === 'stream') await until(() => stream.closed).then(() => sink.end());
      await closing(sink);
      stream.destroy();
      await until(() => stream.closed);
      assert.equal(descriptors().length, before, end);
    }
  });

  itWhere(onLinux, 'no prlimit')('that is as large as a file may get fails as with Node', () => {
    const child = path.join(__dirname, 'fixtures', 'pipe-to-full.js');
    const run = (which: string): string => {
      fs.rmSync(output(), { force: true });
      const limit = ['--fsize=20000000', process.execPath, child, which, input, output()];
      const { stdout, stderr } = spawnSync('prlimit', limit, { encoding: 'utf8' });
      assert.equal(stderr, '');
      assert.equal(written().length, 20_000_000);
      return stdout;
    };
    assert.equal(run('ours'), run('nodes'));
  });
});

/** A pipe into a file to which the native thread itself writes: what can be seen of that is what Node's own pipe does. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { finished } from 'node:stream/promises';
import { createReadStream } from 'slipring';

import { assertSameAsNode, type Create, describeError } from '../helpers/twins';
import { turn, until } from '../helpers/waiting';
import { closing, eventsOf, MIB, PipedFiles } from './helpers/carried';

const positionOf = (sink: object): unknown => (sink as { pos?: unknown }).pos;

describe('a pipe into a file', () => {
  // More than what is handed over before the thread writes by itself.
  const length = 16 * MIB + 5;
  const files = new PipedFiles(length);

  it('is written to by the thread, many slots at a time', async () => {
    const stream = createReadStream(files.input, { slotSize: 65_536 });
    const sink = stream.pipe(fs.createWriteStream(files.output));
    await closing(sink);
    files.assertWritten(files.content);
    const { chunksProduced, chunksDelivered, bytesDelivered, bytesProduced } = stream.stats();
    assert.deepEqual([bytesDelivered, bytesProduced, stream.bytesRead, sink.bytesWritten], Array(4).fill(length));
    assert.ok(chunksDelivered < length / 65_536 / 2, `${chunksDelivered} chunks`);
    assert.equal(chunksDelivered, chunksProduced);
  });

  // What differs in each: how the sink is made, and what is done with it. All return what is compared with Node.
  const scenarios: Record<string, (create: Create) => Promise<unknown>> = {
    'as a whole': async (create) => {
      const sink = fs.createWriteStream(files.output);
      const events = eventsOf(sink);
      create(files.input).pipe(sink);
      await closing(sink);
      files.assertWritten(files.content);
      return { events, bytes: sink.bytesWritten, pos: positionOf(sink) };
    },
    'from a place on': async (create) => {
      fs.writeFileSync(files.output, 'x'.repeat(20));
      const sink = create(files.input).pipe(fs.createWriteStream(files.output, { flags: 'r+', start: 10 }));
      await closing(sink);
      files.assertWritten('x'.repeat(10), files.content);
      return { bytes: sink.bytesWritten, pos: positionOf(sink) };
    },
    'at the end of what is there': async (create) => {
      fs.writeFileSync(files.output, 'before');
      const sink = create(files.input).pipe(fs.createWriteStream(files.output, { flags: 'a' }));
      await closing(sink);
      files.assertWritten('before', files.content);
      return sink.bytesWritten;
    },
    'by a descriptor, at its position': async (create) => {
      const fd = fs.openSync(files.output, 'w');
      fs.writeSync(fd, 'before');
      const sink = create(files.input).pipe(fs.createWriteStream('', { fd, autoClose: false }));
      await finished(sink);
      fs.writeSync(fd, 'after');
      fs.closeSync(fd);
      files.assertWritten('before', files.content, 'after');
      return sink.bytesWritten;
    },
    'by a FileHandle': async (create) => {
      const handle = await fs.promises.open(files.output, 'w');
      const sink = create(files.input).pipe(handle.createWriteStream());
      await closing(sink);
      files.assertWritten(files.content);
      return sink.bytesWritten;
    },
    'with functions of its own': async (create) => {
      let bytes = 0;
      const write = ((...args: Parameters<typeof fs.write>) => {
        bytes += (args as unknown as number[])[3] ?? 0;
        return fs.write(...args);
      }) as typeof fs.write;
      const sink = create(files.input).pipe(fs.createWriteStream(files.output, { fs: { ...fs, write } }));
      await closing(sink);
      files.assertWritten(files.content);
      return { written: sink.bytesWritten, bytes };
    },
    'and flushed': async (create) => {
      const sink = create(files.input).pipe(fs.createWriteStream(files.output, { flush: true }));
      await closing(sink);
      files.assertWritten(files.content);
      return sink.bytesWritten;
    },
    'part of the input': async (create) => {
      const sink = create(files.input, { start: 5, end: 12 * MIB }).pipe(fs.createWriteStream(files.output));
      await closing(sink);
      files.assertWritten(files.content.subarray(5, 12 * MIB + 1));
      return sink.bytesWritten;
    },
    'in tiny chunks': async (create) => {
      const sink = create(files.input, { highWaterMark: 64, end: MIB }).pipe(fs.createWriteStream(files.output));
      await closing(sink);
      files.assertWritten(files.content.subarray(0, MIB + 1));
      return sink.bytesWritten;
    },
    'of nothing, of a byte, and of all that is handed over first': async (create) => {
      const written: number[] = [];
      for (const size of [0, 1, 65_536, 131_071, 131_072, 131_073, 200_000]) {
        fs.writeFileSync(files.path('small'), files.content.subarray(0, size));
        const sink = create(files.path('small')).pipe(fs.createWriteStream(files.output));
        await closing(sink);
        files.assertWritten(files.content.subarray(0, size));
        written.push(sink.bytesWritten);
      }
      return written;
    },
    'of holes': async (create) => {
      fs.writeFileSync(files.path('holes'), '');
      fs.truncateSync(files.path('holes'), 16 * MIB);
      const sink = create(files.path('holes')).pipe(fs.createWriteStream(files.output));
      await closing(sink);
      files.assertWritten(Buffer.alloc(16 * MIB));
      return sink.bytesWritten;
    },
    'onto itself': async (create) => {
      fs.copyFileSync(files.input, files.output);
      const sink = create(files.output).pipe(fs.createWriteStream(files.output, { flags: 'r+' }));
      await closing(sink);
      files.assertWritten(files.content);
      return sink.bytesWritten;
    },
    'with something written before and after, and no end': async (create) => {
      const sink = fs.createWriteStream(files.output);
      const events = eventsOf(sink);
      sink.write('before');
      const stream = create(files.input);
      stream.pipe(sink, { end: false });
      await finished(stream);
      sink.end('after');
      await closing(sink);
      files.assertWritten('before', files.content, 'after');
      return { events, bytes: sink.bytesWritten };
    },
    'twice, one input after the other': async (create) => {
      const sink = fs.createWriteStream(files.output);
      for (const end of [false, true]) {
        const stream = create(files.input);
        stream.pipe(sink, { end });
        await finished(stream);
      }
      await closing(sink);
      files.assertWritten(files.content, files.content);
      return sink.bytesWritten;
    },
    'into two at once': async (create) => {
      const stream = create(files.input);
      const second = stream.pipe(fs.createWriteStream(files.path('second')));
      const sink = stream.pipe(fs.createWriteStream(files.output));
      await Promise.all([closing(sink), closing(second)]);
      files.assertWritten(files.content);
      assert.ok(fs.readFileSync(second.path).equals(files.content));
      return [sink.bytesWritten, second.bytesWritten];
    },
    'while it is corked at first': async (create) => {
      const sink = fs.createWriteStream(files.output);
      sink.cork();
      sink.write('before');
      create(files.input).pipe(sink);
      await turn();
      sink.uncork();
      await closing(sink);
      files.assertWritten('before', files.content);
      return sink.bytesWritten;
    },
    'while it is corked until a lot has come': async (create) => {
      const sink = fs.createWriteStream(files.output, { highWaterMark: MIB });
      sink.cork();
      create(files.input).pipe(sink);
      await until(() => sink.writableLength >= MIB);
      sink.uncork();
      await closing(sink);
      files.assertWritten(files.content);
      return sink.bytesWritten;
    },
    'that has room for nothing': async (create) => {
      const sink = fs.createWriteStream(files.output, { highWaterMark: 0 });
      const events = eventsOf(sink);
      create(files.input).pipe(sink);
      await closing(sink);
      files.assertWritten(files.content);
      return { events, bytes: sink.bytesWritten };
    },
    'that can only be read': async (create) => {
      const sink = fs.createWriteStream('', { fd: fs.openSync(files.input, 'r') });
      const events = eventsOf(sink);
      const stream = create(files.input);
      stream.pipe(sink);
      await closing(sink);
      stream.destroy();
      return { events, error: sink.errored && describeError(sink.errored) };
    },
  };
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(`${name}, as with Node`, () => assertSameAsNode((create) => (files.clear(), scenario(create))));
  }
});

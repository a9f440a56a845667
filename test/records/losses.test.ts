/** What is missing in a stream of records: whole records, counted, and told where they are missing. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, createReadStream, type ByteStream, type Gap } from 'slipring';

import { lineOf, linesOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';
import { describeWithFifos } from '../helpers/where';

const LINES = 20_000;

/** What came and what is missing, as it came. */
interface Seen {
  lines: string[];
  gaps: Gap[];
  /** The number of each line that came, by what the gaps say. */
  numbers: number[];
}

function watch(stream: ByteStream): Seen {
  const seen: Seen = { lines: [], gaps: [], numbers: [] };
  let number = 0;
  stream.on('gap', (gap) => {
    assert.equal(gap.sequence, number);
    seen.gaps.push(gap);
    number += gap.droppedChunks as number;
  });
  stream.on('data', (line: Buffer) => {
    seen.lines.push(line.toString());
    seen.numbers.push(number++);
  });
  return seen;
}

describeWithFifos('records that are dropped', () => {
  const folder = temporaryFolder();
  const text = linesOf(0, LINES);
  let source = '';
  before(() => (source = folder.write('source', text)));

  /** A stream that nobody reads while a writer writes all lines but the first. */
  async function stalled(overflow: 'drop-oldest' | 'drop-newest' | 'strict'): Promise<[ByteStream, Seen]> {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { overflow, slots: 4, slotSize: 1000, records: 'lines' });
    const seen = watch(stream);
    const first = lineOf(0);
    let writer = 0;
    stream.once('data', () => {
      const rest = `trap "" PIPE; tail -c +${first.length + 1} "$0" > "$1" 2>/dev/null || true`;
      execFileSync('sh', ['-c', rest, source, path]);
      fs.closeSync(writer);
      // Our thread goes on while this one does nothing but look.
      while (overflow !== 'strict' && stream.stats().bytesProduced < text.length);
    });
    await once(stream, 'ready');
    writer = fs.openSync(path, 'w');
    fs.writeSync(writer, first);
    return [stream, seen];
  }

  for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
    it(`are whole, and counted as those that come are, with '${overflow}'`, async () => {
      const [stream, { lines, gaps, numbers }] = await stalled(overflow);
      await once(stream, 'end');
      assert.deepEqual(
        lines,
        numbers.map((number) => lineOf(number).slice(0, -1)),
      );
      const [gap] = gaps as [Gap];
      assert.equal(gaps.length, 1);
      const { chunksDelivered, chunksProduced, droppedChunks, droppedBytes, bytesDelivered, bytesProduced } =
        stream.stats();
      assert.deepEqual(
        [chunksDelivered, droppedChunks, droppedBytes],
        [lines.length, gap.droppedChunks, gap.droppedBytes],
      );
      assert.deepEqual([chunksProduced, chunksDelivered + droppedChunks], [LINES, LINES]);
      assert.deepEqual([bytesProduced, bytesDelivered + droppedBytes], [text.length, text.length]);
      const last = numbers.at(-1) as number;
      if (overflow === 'drop-oldest') assert.equal(last, LINES - 1);
      else assert.equal(gap.sequence, last + 1);
    });
  }

  it("are an error with 'strict', after those that there was room for", async () => {
    const [stream, { lines, gaps }] = await stalled('strict');
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ERR_SLIPRING_OVERFLOW');
    assert.ok(lines.length > 1);
    assert.deepEqual([gaps.length, gaps[0]?.sequence], [1, lines.length]);
    assert.deepEqual(lines, text.split('\n').slice(0, lines.length));
    await closed(stream);
  });

  it('show in the sequence numbers and positions of batches()', async () => {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { overflow: 'drop-oldest', slots: 4, slotSize: 1000, records: 'lines' });
    const writer = fs.openSync(path, 'r+');
    fs.writeSync(writer, lineOf(0));
    const all = text.split('\n');
    let batches = 0;
    for await (const batch of stream.batches()) {
      assert.deepEqual(batch.strings(), all.slice(batch.sequence, batch.sequence + batch.length));
      assert.equal(batch.bytesBefore, linesOf(0, batch.sequence).length);
      if (batch.sequence + batch.length === LINES) break;
      if (batches++ > 0) continue;
      execFileSync('sh', ['-c', `tail -c +${lineOf(0).length + 1} "$0" > "$1"`, source, path]);
      while (stream.stats().bytesProduced < text.length);
    }
    fs.closeSync(writer);
    assert.ok(batches > 0 && stream.stats().droppedChunks > 0);
  });
});

describe('frames that make no sense', () => {
  const folder = temporaryFolder();

  const damaged = {
    slip: 'a\xc0b\xdbb\xc0c\xc0d\xdb\xc0\xdbe\xc0f\xc0g\xdb\xc0',
    cobs: '\x02a\0\x05b\0\x02c\0\x03\x01\0\x02\0\x02f\0\x02\0',
  };
  const gap = (sequence: number, droppedChunks: number): Gap => ({ droppedChunks, droppedBytes: 0, sequence });
  const expected = ['a', gap(1, 1), 'c', gap(3, 2), 'f', gap(6, 1)];

  async function eventsOf(
    stream: ByteStream,
    read: (take: (record: unknown) => void) => Promise<unknown>,
  ): Promise<unknown[]> {
    const events: unknown[] = [];
    stream.on('gap', (missing) => events.push(missing));
    await read((record) => events.push(String(record)));
    return events;
  }

  for (const frame of ['slip', 'cobs'] as const) {
    for (const size of [{}, { slotSize: 64, slots: 1 }]) {
      it(`are gaps among the others, for ${frame} in slots of ${size.slotSize ?? 'any size'}`, async () => {
        const file = folder.write('frames', Buffer.from(damaged[frame], 'latin1'));
        const open = (): ByteStream => createReadStream(file, { records: { frame }, ...size });
        const flowing = open();
        const byData = await eventsOf(flowing, (take) => once(flowing.on('data', take), 'end'));
        assert.deepEqual(byData, expected);
        const looped = open();
        const byLines = await eventsOf(looped, async (take) => {
          for await (const record of looped.lines()) take(record);
        });
        assert.deepEqual(byLines, expected);
        const lent = open();
        const byBatches = await eventsOf(lent, async (take) => {
          for await (const batch of lent.batches()) batch.strings().forEach(take);
        });
        assert.deepEqual(byBatches, expected);
        const web = open();
        const byWeb = await eventsOf(web, async (take) => {
          for await (const record of web.toWeb()) take(Buffer.from(record));
        });
        assert.deepEqual(byWeb, expected);
        for (const stream of [flowing, looped, lent, web]) {
          const { chunksProduced, chunksDelivered, droppedChunks } = stream.stats();
          assert.deepEqual([chunksProduced, chunksDelivered, droppedChunks], [7, 3, 4]);
        }
      });
    }
  }
});

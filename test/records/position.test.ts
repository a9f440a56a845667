/** Where in their file records are, to the byte. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type Position, type RecordFormat } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { formats, write } from './helpers/formats';

describe('the position of records', () => {
  const folder = temporaryFolder();

  const isDecoded = (name: string): boolean => name.endsWith('frames');

  /** What is read from there on. */
  async function from(file: string, offset: number, records: RecordFormat): Promise<string[]> {
    const texts: string[] = [];
    const stream = createReadStream(file, { start: offset, records });
    for await (const record of stream) texts.push((record as Buffer).toString('latin1'));
    return texts;
  }

  for (const [name, format] of Object.entries(formats)) {
    it(`is exact before and behind each, with ${name}, in slots of any size`, async () => {
      for (const slotSize of [64, 200, 1000, 100_000]) {
        const { bytes, records } = write(format, slotSize);
        const encoded = write(format, slotSize);
        assert.deepEqual(encoded.records, records);
        const file = folder.write('records', bytes);
        let count = 0;
        let offset = 0;
        for await (const batch of createReadStream(file, { records: format.records, slotSize }).batches()) {
          assert.equal(batch.position?.offset, offset);
          for (let i = 0; i < batch.length; i++) {
            const end = batch.end(i);
            if (i === batch.length - 1) assert.deepEqual(end, batch.end());
            else if (isDecoded(name)) assert.equal(end, undefined);
            if (end) offset = end.offset;
            count++;
          }
          if (count % 50 < 5) {
            const rest = await from(file, offset, format.records);
            assert.deepEqual(rest, records.slice(count));
          }
        }
        assert.deepEqual([count, offset], [records.length, bytes.length]);
      }
    });
  }

  it('is what each line has in its file', async () => {
    const text = 'one\ntwo\r\n\n' + 'x'.repeat(300) + '\nlast';
    const file = folder.write('lines', text);
    const ends: number[] = [];
    const begins: number[] = [];
    for await (const batch of createReadStream(file, { records: 'lines', slotSize: 64 }).batches()) {
      begins.push(batch.position?.offset as number);
      for (let i = 0; i < batch.length; i++) ends.push(batch.end(i)?.offset as number);
    }
    assert.deepEqual(ends, [4, 9, 10, 311, 315]);
    assert.deepEqual([begins[0], begins.at(-1)], [0, 311]);
  });

  it('goes on behind what was left out of a long one', async () => {
    const file = folder.write('long', `${'x'.repeat(100)}\nb\n`);
    const options = { records: 'lines', maxRecordSize: 10, longRecords: 'truncate' } as const;
    const places: unknown[] = [];
    for await (const batch of createReadStream(file, options).batches()) {
      places.push([batch.position?.offset, batch.end()?.offset]);
    }
    assert.deepEqual(places, [
      [0, 10],
      [101, 103],
    ]);
  });

  it('stays when the batch is released, of all together', async () => {
    const file = folder.write('released', 'a\nb\n');
    const places: (Position | undefined)[] = [];
    for await (const batch of createReadStream(file, { records: 'lines', start: 2 }).batches()) {
      batch.release();
      places.push(batch.position, batch.end(), batch.end(5));
    }
    const [begin, end, none] = places;
    assert.equal(begin?.file, end?.file);
    assert.deepEqual([begin?.offset, end?.offset, none], [2, 4, undefined]);
  });

  it('is undefined for what is no file', async () => {
    for await (const batch of createPatternStream({ length: 100, records: { size: 10 } }).batches()) {
      assert.deepEqual([batch.position, batch.end(), batch.end(0)], [undefined, undefined, undefined]);
    }
  });
});

/** What has come is handed on without more: a record waits for its own end, and for nothing else. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import type { DeviceStream, DeviceStreamOptions, Gap } from 'slipring';

import { openFifo } from '../device/helpers/messages';
import { temporaryFolder } from '../helpers/files';
import { uncaughtDuring } from '../helpers/uncaught';
import { describeWithFifos } from '../helpers/where';

const ROUNDS = 20;

describeWithFifos('records of a FIFO that stays open', () => {
  const folder = temporaryFolder();

  /** Writes, and waits for so many records, one after the other, while nothing more comes. */
  async function exchange(options: DeviceStreamOptions, rounds: [bytes: Buffer, records: number][]): Promise<Buffer[]> {
    const { stream, writer } = await openFifo(folder, options);
    const got: Buffer[] = [];
    let missing = 0;
    stream.on('data', (record: Buffer) => {
      got.push(record);
      if (--missing === 0) stream.emit('all of them');
    });
    for (const [bytes, records] of rounds) {
      missing = records;
      const all = once(stream, 'all of them');
      fs.writeSync(writer, bytes);
      await all;
    }
    fs.closeSync(writer);
    await once(stream, 'end');
    return got;
  }

  /** `length` bytes behind their length. */
  function prefixed(length: number): Buffer {
    const bytes = Buffer.alloc(2 + length, 'x');
    bytes.writeUInt16BE(length);
    return bytes;
  }

  for (const [slotSize, length] of [
    [64, 200],
    [64, 100],
    [1024, 4000],
  ] as const) {
    it(`come although they take several slots: ${length} bytes in slots of ${slotSize}`, async () => {
      const rounds = Array.from({ length: ROUNDS }, (): [Buffer, number] => [prefixed(length), 1]);
      const got = await exchange({ slotSize, records: { prefix: 'u16be' } }, rounds);
      assert.deepEqual(
        got.map((record) => record.length),
        got.map(() => length),
      );
      assert.equal(got.length, ROUNDS);
    });
  }

  it('come although their table is full: a long line, and a thousand empty ones', async () => {
    for (const first of [900, 9000]) {
      const bytes = Buffer.from(`${'x'.repeat(first)}\n${'\n'.repeat(1000)}`);
      const rounds = Array.from({ length: ROUNDS }, (): [Buffer, number] => [bytes, 1001]);
      assert.equal((await exchange({ records: 'lines' }, rounds)).length, ROUNDS * 1001);
    }
  });

  it('come although they are empty', async () => {
    const rounds = Array.from({ length: ROUNDS }, (_, i): [Buffer, number] => [
      Buffer.from(i % 2 === 0 ? [1, 0] : [2, 7, 0]),
      1,
    ]);
    const got = await exchange({ records: { frame: 'cobs' } }, rounds);
    assert.deepEqual(
      got.map((record) => record.length),
      rounds.map((_, i) => i % 2),
    );
  });

  it('all come when a listener throws at the first of many, and more have come by then', async () => {
    const lines = (round: number): string => `${round}`.padEnd(40, '.').concat('\n').repeat(50);
    const { stream, writer } = await openFifo(folder, { records: 'lines', encoding: 'latin1' });
    const got: string[] = [];
    const caught = await uncaughtDuring(async () => {
      stream.on('data', (record: string) => {
        got.push(record);
        const round = (got.length - 1) / 100;
        if (!Number.isInteger(round)) return;
        fs.writeSync(writer, lines(2 * round + 1));
        throw new Error(`round ${round}`);
      });
      for (let round = 0; round < ROUNDS; round++) {
        fs.writeSync(writer, lines(2 * round));
        while (got.length < (round + 1) * 100) await once(stream, 'data');
      }
      fs.closeSync(writer);
      await once(stream, 'end');
    });
    assert.equal(caught.length, ROUNDS);
    const want = Array.from({ length: 2 * ROUNDS }, (_, round) => lines(round)).join('');
    assert.equal(got.map((record) => `${record}\n`).join(''), want);
  });

  it('are told of what was left out of one before the next one comes', async () => {
    const options = { records: 'lines', maxRecordSize: 5, longRecords: 'truncate', encoding: 'latin1' } as const;
    const { stream, writer } = await openFifo(folder, options);
    const seen: unknown[] = [];
    stream.on('gap', ({ droppedBytes, sequence }: Gap) => seen.push([droppedBytes, sequence]));
    stream.on('data', (record) => seen.push(record));
    for (const bytes of ['abcdefgh\n', 'ok\n']) {
      fs.writeSync(writer, bytes);
      await once(stream, 'data');
    }
    assert.deepEqual(seen, ['abcde', [4, 1], 'ok']);
    const { truncated, droppedBytes, droppedChunks }: ReturnType<DeviceStream['stats']> = stream.stats();
    assert.deepEqual([truncated, droppedBytes, droppedChunks], [1, 4, 0]);
    fs.closeSync(writer);
    await once(stream, 'end');
  });
});

/** What each overflow policy promises, when the consumer stands still while a writer writes. */
import { strict as assert } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, createPatternStream, createReadStream, type DeviceStream, type Gap } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed } from '../helpers/waiting';
import { describeWithFifos } from '../helpers/where';

const SLOTS = 4;
const TOTAL = 1_000_000;
const content = patternBytes(1, 0, TOTAL);
const options = { slots: SLOTS, slotSize: 1000 };

interface Seen {
  offset: number;
  length: number;
}

/** Follows a stream by the bytes themselves: each chunk must be what belongs after what came and what is missing. */
class Ledger {
  readonly chunks: Seen[] = [];
  readonly gaps: Gap[] = [];
  #offset = 0;
  #sequence = 0;

  gap(gap: Gap): void {
    assert.equal(gap.sequence, this.#sequence);
    this.gaps.push(gap);
    this.#offset += gap.droppedBytes;
    this.#sequence += gap.droppedChunks as number;
  }

  chunk(chunk: Buffer): void {
    assert.ok(chunk.equals(content.subarray(this.#offset, this.#offset + chunk.length)));
    this.chunks.push({ offset: this.#offset, length: chunk.length });
    this.#offset += chunk.length;
    this.#sequence++;
  }

  /** How much there was in all, delivered or missing. */
  get total(): number {
    return this.#offset;
  }
}

describeWithFifos('overflow', () => {
  const folder = temporaryFolder();
  let source = '';
  before(() => {
    source = folder.write('content', content);
  });

  /** A stream whose consumer stands still, at its first chunk, until the writer has written everything or given up. */
  function stalled(overflow: 'drop-oldest' | 'drop-newest' | 'strict'): [DeviceStream, Ledger] {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { ...options, overflow });
    const ledger = new Ledger();
    let writer = 0;
    stream.on('gap', (gap) => ledger.gap(gap));
    stream.on('data', (chunk: Buffer) => {
      ledger.chunk(chunk);
      if (ledger.chunks.length > 1) return;
      // What comes besides the first chunk: it blocks this thread, and our background thread has to keep up alone.
      execFileSync('sh', ['-c', 'trap "" PIPE; tail -c +1001 "$0" > "$1" 2>/dev/null || true', source, path]);
      fs.closeSync(writer);
      // Our thread goes on while this one does nothing but look.
      const done = (): boolean => stream.stats().bytesProduced === TOTAL || overflow === 'strict';
      while (!done() || stream.stats().droppedChunks === 0);
    });
    stream.once('ready', () => {
      writer = fs.openSync(path, 'w');
      fs.writeSync(writer, content.subarray(0, 1000));
    });
    return [stream, ledger];
  }

  it("'block' loses nothing, and the writer waits", async () => {
    const path = folder.fifo();
    const stream = createDeviceStream(path, options);
    const ledger = new Ledger();
    stream.on('gap', (gap) => ledger.gap(gap));
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', source, path]);
    stream.on('data', (chunk: Buffer) => {
      ledger.chunk(chunk);
      // The consumer stands still once.
      if (ledger.chunks.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    });
    await once(stream, 'end');
    assert.deepEqual([ledger.total, ledger.gaps.length, writer.exitCode ?? 0], [TOTAL, 0, 0]);
    assert.equal(stream.stats().droppedChunks, 0);
  });

  it("'drop-newest' keeps what came first, as much as there are slots, and tells before the end what is missing", async () => {
    const [stream, ledger] = stalled('drop-newest');
    await once(stream, 'end');
    assert.equal(ledger.chunks.length, 1 + SLOTS);
    assert.equal(ledger.gaps.length, 1);
    assert.equal(ledger.total, TOTAL);
    const last = ledger.chunks.at(-1) as Seen;
    assert.equal(last.offset + last.length + (ledger.gaps[0] as Gap).droppedBytes, TOTAL);
    const { droppedBytes, droppedChunks, bytesDelivered, chunksProduced, chunksDelivered } = stream.stats();
    assert.equal(droppedBytes + bytesDelivered, TOTAL);
    assert.equal(droppedChunks + chunksDelivered, chunksProduced);
  });

  it("'drop-oldest' keeps what came last, as much as there are slots, and tells before it what is missing", async () => {
    const [stream, ledger] = stalled('drop-oldest');
    await once(stream, 'end');
    assert.equal(ledger.chunks.length, 1 + SLOTS);
    assert.equal(ledger.gaps.length, 1);
    assert.equal(ledger.total, TOTAL);
    const last = ledger.chunks.at(-1) as Seen;
    assert.equal(last.offset + last.length, TOTAL);
    assert.equal(stream.stats().droppedBytes, (ledger.gaps[0] as Gap).droppedBytes);
  });

  it("'strict' fails with its code, after the chunks that there was room for", async () => {
    const [stream, ledger] = stalled('strict');
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ERR_SLIPRING_OVERFLOW');
    assert.equal(ledger.chunks.length, 1 + SLOTS);
    await closed(stream);
    assert.equal(stream.stats().droppedChunks, 1);
  });

  it('shows in the sequence numbers of slots()', async () => {
    const path = folder.fifo();
    const stream = createDeviceStream(path, { ...options, overflow: 'drop-oldest' });
    const writer = fs.openSync(path, 'r+');
    const ledger = new Ledger();
    stream.on('gap', (gap) => ledger.gap(gap));
    const sequences: number[] = [];
    fs.writeSync(writer, content.subarray(0, 1000));
    for await (const slot of stream.slots()) {
      sequences.push(slot.sequence);
      ledger.chunk(slot.data);
      if (sequences.length === 1) {
        execFileSync('sh', ['-c', 'tail -c +1001 "$0" > "$1"', source, path]);
        while (stream.stats().bytesProduced < TOTAL);
      }
      if (ledger.total === TOTAL) break;
    }
    fs.closeSync(writer);
    // One slot is lent meanwhile.
    assert.equal(sequences.length, SLOTS);
    const [gap] = ledger.gaps as [Gap];
    assert.deepEqual(sequences, [0, ...[1, 2, 3].map((n) => n + (gap.droppedChunks as number))]);
  });

  it('loses nothing more when a gap listener throws, pauses or destroys the stream', async () => {
    const [stream, ledger] = stalled('drop-oldest');
    const caught = await uncaughtDuring(async () => {
      stream.once('gap', () => {
        throw new Error('on purpose');
      });
      await once(stream, 'end');
    });
    assert.equal(caught.length, 1);
    assert.deepEqual([ledger.chunks.length, ledger.total], [1 + SLOTS, TOTAL]);

    const [paused, pausedLedger] = stalled('drop-oldest');
    paused.once('gap', () => {
      paused.pause();
      setImmediate(() => paused.resume());
    });
    await once(paused, 'end');
    assert.deepEqual([pausedLedger.chunks.length, pausedLedger.total], [1 + SLOTS, TOTAL]);

    const [destroyed, destroyedLedger] = stalled('drop-oldest');
    destroyed.once('gap', () => void destroyed.destroy());
    await closed(destroyed);
    assert.equal(destroyedLedger.chunks.length, 1);
  });
});

describe('the option overflow', () => {
  it('is one of live sources only, and one of four words', () => {
    for (const overflow of ['drop-oldest', 'drop-newest', 'strict']) {
      const given = { overflow: overflow as 'strict' };
      assert.throws(() => createReadStream('x', given), { code: 'ERR_INVALID_ARG_VALUE' });
      assert.throws(() => createPatternStream(given), { code: 'ERR_INVALID_ARG_VALUE' });
    }
    for (const overflow of ['', 'drop', 1, null]) {
      const given = { overflow: overflow as 'strict' };
      assert.throws(() => createDeviceStream('x', given), { code: 'ERR_INVALID_ARG_VALUE' });
    }
  });
});

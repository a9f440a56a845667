/** What is missing is counted exactly, and a 'gap' event stands where it is missing. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Datagram, DatagramBatch, Gap, UdpStream, UdpStreamOptions } from 'slipring';

import { onLinux } from '../helpers/process';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, parked, until } from '../helpers/waiting';
import { itWhere } from '../helpers/where';
import { oneEach, udpEnds } from './helpers/ends';
import { numbers, settled, type Sender } from './helpers/sender';
import { describeWithUdp } from './helpers/where';

// Elsewhere the system does not say what it dropped.
const itCounted = itWhere(onLinux, 'only Linux counts');

/** The system's buffer has room for a few datagrams only. */
const tinyBuffer = { slotSize: 104, slots: 2, recvBufferSize: 1 };

type Event = string | Gap;

/** Calls `take` with every batch, until the stream is destroyed. */
function eachBatch(stream: UdpStream, take: (batch: DatagramBatch) => void): void {
  const read = async (): Promise<void> => {
    for await (const batch of stream.batches()) take(batch);
  };
  read().catch(() => undefined);
}

describeWithUdp("a UDP stream's gaps", () => {
  const ends = udpEnds();
  let sender: Sender;
  let stream: UdpStream;
  beforeEach(async () => {
    sender = await ends.sender();
  });

  async function open(options: UdpStreamOptions): Promise<void> {
    stream = await ends.open(options);
  }

  /** What the consumer is told from now on, datagrams as the texts they have. */
  function events(): Event[] {
    const told: Event[] = [];
    stream.on('gap', (gap) => told.push(gap));
    stream.on('data', ({ data }: Datagram) => told.push(data.toString().trim()));
    return told;
  }

  const gap = (droppedChunks: number, sequence: number): Gap => ({
    droppedChunks,
    droppedBytes: 8 * droppedChunks,
    sequence,
  });

  /** The datagrams' numbers and the gaps between them leave nothing out. Returns the number that would be next. */
  function assertComplete(told: Event[]): number {
    let next = 0;
    for (const event of told) {
      if (typeof event === 'string') assert.equal(Number(event), next++);
      else {
        assert.equal(event.sequence, next);
        assert.ok(event.droppedChunks !== undefined && event.droppedChunks > 0);
        next += event.droppedChunks;
      }
    }
    return next;
  }

  it("are after what was kept where overflow is 'drop-newest'", async () => {
    await open({ ...oneEach, slots: 2, overflow: 'drop-newest' });
    await sender.sendAll(numbers(50), stream);
    await until(() => stream.stats().droppedChunks === 48);
    const told = events();
    await until(() => told.length === 2);
    await sender.send('50      ', stream);
    await settled(stream, 51);
    assert.deepEqual(told, ['0', '1', gap(48, 2), '50']);
    assert.equal(stream.stats().droppedBytes, 48 * 8);
    assert.equal(stream.stats().kernelDrops, 0);
  });

  it("are before what was kept where overflow is 'drop-oldest'", async () => {
    await open({ ...oneEach, slots: 2, overflow: 'drop-oldest' });
    await sender.sendAll(numbers(50), stream);
    await until(() => stream.stats().droppedChunks === 48);
    const told = events();
    await settled(stream, 50);
    assert.deepEqual(told, [gap(48, 0), '48', '49']);
  });

  it("are before the error where overflow is 'strict'", async () => {
    await open({ ...oneEach, slots: 2, overflow: 'strict' });
    await sender.sendAll(numbers(2), stream);
    await until(() => stream.stats().slotsReady === 2);
    await sender.send('2       ', stream);
    await until(() => stream.stats().droppedChunks === 1);
    const told = events();
    await assert.rejects(once(stream, 'never'), { code: 'ERR_SLIPRING_OVERFLOW' });
    assert.deepEqual(told, ['0', '1', gap(1, 2)]);
  });

  it("do not come where overflow is 'block' and the system's buffer has room", async () => {
    await open({ ...oneEach, slots: 2 });
    await sender.sendAll(numbers(50), stream);
    await parked(stream);
    const told = events();
    await settled(stream, 50);
    assert.deepEqual(told, numbers(50).map(Number).map(String));
  });

  for (const overflow of ['block', 'drop-oldest', 'drop-newest'] as const) {
    for (const way of ["'data'", 'batches()'] as const) {
      itCounted(`stand between datagrams where the system dropped some: ${overflow}, ${way}`, async () => {
        await open({ ...tinyBuffer, overflow });
        const sent = 2000;
        await sender.sendAll(numbers(sent), stream);
        const told = way === "'data'" ? events() : eventsOfBatches();
        await settled(stream, sent);
        // The last gap is told before the next datagram.
        await sender.send(String(sent).padEnd(8), stream);
        await settled(stream, sent + 1);
        assert.equal(assertComplete(told), sent + 1);
        const { chunksDelivered, droppedChunks, kernelDrops } = stream.stats();
        assert.equal(told.filter((event) => typeof event === 'string').length, chunksDelivered);
        assert.equal(droppedChunks, sent + 1 - chunksDelivered);
        if (overflow === 'block') assert.ok(kernelDrops === droppedChunks && kernelDrops > 0);
      });
    }
  }

  /** As `events()`, of batches. The gaps of a batch are told before it: each is put where its number says. */
  function eventsOfBatches(): Event[] {
    const told: Event[] = [];
    const gaps: Gap[] = [];
    let next = 0;
    const takeGaps = (): void => {
      while (gaps[0]?.sequence === next) {
        next += gaps[0].droppedChunks as number;
        told.push(gaps.shift() as Gap);
      }
    };
    stream.on('gap', (one) => gaps.push(one));
    eachBatch(stream, (batch) => {
      for (const { data } of batch) {
        takeGaps();
        told.push(data.toString().trim());
        next++;
      }
    });
    return told;
  }

  it('lose nothing when a listener throws: the rest of the slot follows', async () => {
    await open({ recvBufferSize: 1_000_000, slots: 2, slotSize: 400, overflow: 'drop-oldest' });
    await sender.sendAll(numbers(50), stream);
    await until(() => stream.stats().chunksProduced === 50);
    const told: Event[] = [];
    const caught = await uncaughtDuring(async (errors) => {
      stream.on('gap', (one) => {
        told.push(one);
        throw new Error('by the listener of a gap');
      });
      stream.on('data', ({ data }: Datagram) => {
        told.push(data.toString().trim());
        throw new Error('by the listener of data');
      });
      await until(() => told.length > 2 && errors.length === told.length && told.at(-1) === '49');
    });
    assert.equal(caught.length, told.length);
    assert.equal(assertComplete(told), 50);
  });
});

describeWithUdp("a UDP stream's counters", () => {
  const ends = udpEnds();

  async function flooded(stream: UdpStream, count: number): Promise<void> {
    const workerData = { port: stream.address().port, count, size: 100 };
    await once(new Worker(path.join(__dirname, 'fixtures', 'flood.js'), { workerData }), 'exit');
  }

  for (const overflow of ['block', 'drop-oldest', 'drop-newest'] as const) {
    for (const way of ["'data'", 'batches()'] as const) {
      itCounted(`account for every datagram that was sent at full rate: ${overflow}, ${way}`, async () => {
        const sent = 20_000;
        const stream = await ends.open({ recvBufferSize: 1, slots: 4, slotSize: 4096, overflow });
        let received = 0;
        if (way === "'data'") stream.on('data', () => received++);
        else eachBatch(stream, (batch) => (received += batch.length));
        await flooded(stream, sent);
        await settled(stream, sent);
        assert.equal(received + stream.stats().droppedChunks, sent);
        assert.equal(stream.stats().chunksProduced, sent);
        await closed(stream.destroy());
        assert.equal(received + stream.stats().droppedChunks, sent);
      });
    }
  }

  itCounted('know what was dropped while the thread waited for a slot, when the stream was destroyed', async () => {
    const stream = await ends.open(tinyBuffer);
    const sender = await ends.sender();
    await sender.sendAll(numbers(10), stream);
    await parked(stream);
    await sender.sendAll(numbers(500), stream);
    await closed(stream.destroy());
    // Two in the ring, and what the system's buffer held: all else was dropped.
    const { kernelDrops, droppedChunks, chunksDelivered } = stream.stats();
    assert.ok(kernelDrops > 480, String(kernelDrops));
    assert.deepEqual([droppedChunks, chunksDelivered], [kernelDrops, 0]);
  });
});

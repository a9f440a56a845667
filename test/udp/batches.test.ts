/** batches() and slots() of UDP streams: whole slots of datagrams, lent. */
import { strict as assert } from 'node:assert';
import type { Datagram, DatagramBatch, UdpStream } from 'slipring';

import { until } from '../helpers/waiting';
import { texts, udpEnds } from './helpers/ends';
import { numbers, type Sender } from './helpers/sender';
import { describeWithUdp } from './helpers/where';

describeWithUdp('batches()', () => {
  const ends = udpEnds();
  let sender: Sender;
  let stream: UdpStream;
  beforeEach(async () => {
    sender = await ends.sender();
    stream = await ends.open({ recvBufferSize: 1_000_000 });
  });

  /** The next batch, with everything that was sent before in it. */
  async function firstBatch(sent: string[]): Promise<DatagramBatch> {
    await sender.sendAll(sent, stream);
    const { value } = (await stream.batches().next()) as IteratorYieldResult<DatagramBatch>;
    return value;
  }

  it('lends all datagrams of a slot, by index and one after the other', async () => {
    let got: string[] = [];
    let total = 0;
    await sender.sendAll(['one', '', 'three'], stream);
    for await (const batch of stream.batches()) {
      assert.equal(batch.sequence, total);
      total += batch.length;
      got = got.concat(texts(batch));
      for (const [i, datagram] of [...batch].entries()) {
        const at = batch.at(i) as Datagram;
        assert.deepEqual(at.data, datagram.data);
        assert.equal(batch.size(i), at.data.length);
        assert.ok(batch.data.subarray(batch.offset(i), batch.offset(i) + batch.size(i)).equals(at.data));
        assert.deepEqual([at.remoteAddress, at.remotePort, at.truncated], ['127.0.0.1', sender.port, false]);
      }
      assert.ok(batch.timestamp <= process.hrtime.bigint());
      for (const i of [-1, batch.length, 0.5, NaN]) assert.equal(batch.at(i), undefined);
      if (total === 3) break;
    }
    assert.deepEqual(got, ['one', '', 'three']);
    assert.ok(stream.destroyed);
  });

  it('takes the memory back at the next turn: nothing that was kept shows anything', async () => {
    const batches = stream.batches();
    await sender.send('first', stream);
    const { value: batch } = (await batches.next()) as IteratorYieldResult<DatagramBatch>;
    const datagram = batch.at(0) as Datagram;
    const { data } = batch;
    assert.equal(datagram.data.toString(), 'first');
    await sender.send('second', stream);
    await batches.next();
    assert.deepEqual([batch.length, data.length, datagram.data.length], [0, 0, 0]);
    assert.deepEqual([batch.at(0), batch.size(0), batch.offset(0), [...batch]], [undefined, 0, 0, []]);
    // What is not in the memory stays.
    assert.deepEqual([datagram.remoteAddress, datagram.remotePort], ['127.0.0.1', sender.port]);
    assert.ok(datagram.timestamp > 0n);
  });

  it('keeps a batch that is retained until it is released, once', async () => {
    const batches = stream.batches();
    await sender.send('first', stream);
    const { value: batch } = (await batches.next()) as IteratorYieldResult<DatagramBatch>;
    assert.equal(batch.retain(), batch);
    await sender.send('second', stream);
    await batches.next();
    assert.equal(batch.at(0)?.data.toString(), 'first');
    assert.equal(stream.stats().slotsLent, 2);
    batch.release();
    batch.release();
    assert.equal(stream.stats().slotsLent, 1);
    assert.equal(batch.length, 0);
  });

  it('releases with Symbol.dispose', async () => {
    const batch = await firstBatch(['x']);
    batch[Symbol.dispose]();
    assert.equal(batch.length, 0);
    assert.equal(stream.stats().slotsLent, 0);
  });

  it('counts the datagrams of what it lends as delivered', async () => {
    await firstBatch(numbers(3));
    await until(() => stream.stats().chunksProduced === 3); // the counters are read one by one: not while they change
    const { chunksDelivered, bytesDelivered, chunksProduced, bytesProduced } = stream.stats();
    assert.ok(chunksDelivered >= 1);
    assert.equal(bytesDelivered, 8 * chunksDelivered);
    assert.deepEqual([chunksProduced, bytesProduced], [3, 24]);
  });

  it('needs the stream alone', async () => {
    stream.batches();
    for (const call of [() => stream.batches(), () => stream.slots(), () => stream.pipe(process.stdout)]) {
      assert.throws(call, { code: 'ERR_SLIPRING_BUSY' });
    }
    const read = await ends.open();
    read.on('data', () => undefined);
    assert.throws(() => read.batches(), { code: 'ERR_SLIPRING_BUSY' });
  });

  it('ends with the code of a premature close when the stream is destroyed', async () => {
    const next = stream.batches().next();
    stream.destroy();
    await assert.rejects(next, { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  it('is not needed for slots(), whose data is that of all datagrams', async () => {
    await sender.sendAll(['one', 'two'], stream);
    let text = '';
    for await (const slot of stream.slots()) {
      text += slot.data.toString();
      if (text.length === 6) break;
    }
    assert.equal(text, 'onetwo');
    assert.equal(stream.stats().chunksDelivered, 2);
  });
});

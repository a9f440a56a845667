/** When messages arrive, and what their listeners may do: after a long one the next may come in the same turn. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, turn } from '../helpers/waiting';
import { itWithFifos } from '../helpers/where';
import { onlyWithLibuv, openFifo } from './helpers/messages';

describe('a message', () => {
  const folder = temporaryFolder();

  onlyWithLibuv('that is long brings the next one along, but leaves others their turn', async () => {
    const { stream, writer } = await openFifo(folder);
    const message = Buffer.alloc(2000);
    let left = 20_000;
    let inThisTurn = 0;
    let most = 0;
    let immediate = setImmediate(function nextTurn() {
      inThisTurn = 0;
      immediate = setImmediate(nextTurn);
    });
    stream.on('data', () => {
      most = Math.max(most, ++inThisTurn);
      if (left-- === 0) fs.closeSync(writer);
      else fs.writeSync(writer, message);
    });
    fs.writeSync(writer, message);
    await closed(stream);
    clearImmediate(immediate);
    assert.ok(most > 1 && most <= 64, `${most} in one turn`);
  });

  for (const [kind, size] of Object.entries({ short: 7, long: 2000 })) {
    const send = (writer: number, seed: number): number => fs.writeSync(writer, patternBytes(seed, 0, size));

    onlyWithLibuv(`soon needs no doorbell when the event loop is idle, when they are ${kind}`, async () => {
      const { stream, writer } = await openFifo(folder);
      stream.resume();
      // At first, and whenever the event loop was late, the thread reads for a while.
      for (let quiet = 0; quiet < 100;) {
        const { wakeups } = stream.stats();
        send(writer, 0);
        await once(stream, 'data');
        await turn();
        quiet = stream.stats().wakeups === wakeups ? quiet + 1 : 0;
      }
      fs.closeSync(writer);
      await closed(stream);
    });

    itWithFifos(`whose listener throws does not keep the next one, when they are ${kind}`, async () => {
      const { stream, writer } = await openFifo(folder);
      const chunks: Buffer[] = [];
      const caught = await uncaughtDuring(async () => {
        stream.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (chunks.length === 100) fs.closeSync(writer);
          else send(writer, chunks.length);
          if (chunks.length % 2 === 0) throw new Error(`after ${chunks.length}`);
        });
        send(writer, 0);
        await closed(stream);
      });
      assert.equal(caught.length, 50);
      assert.ok(chunks.every((chunk, seed) => chunk.equals(patternBytes(seed, 0, size))));
    });

    itWithFifos(`is the last one when its listener destroys the stream, when they are ${kind}`, async () => {
      const { stream, writer } = await openFifo(folder);
      let count = 0;
      stream.on('data', () => {
        send(writer, 0);
        if (++count === 100) stream.destroy();
      });
      send(writer, 0);
      await closed(stream);
      assert.equal(count, 100);
      fs.closeSync(writer);
    });

    itWithFifos(`is the last one for a while when its listener pauses the stream, when they are ${kind}`, async () => {
      const { stream, writer } = await openFifo(folder);
      const chunks: Buffer[] = [];
      let early = 0;
      stream.on('data', (chunk: Buffer) => {
        if (stream.isPaused()) early++;
        chunks.push(chunk);
        if (chunks.length === 100) return fs.closeSync(writer);
        send(writer, chunks.length);
        stream.pause();
        setImmediate(() => stream.resume());
      });
      send(writer, 0);
      await closed(stream);
      assert.equal(early, 0);
      assert.ok(chunks.every((chunk, seed) => chunk.equals(patternBytes(seed, 0, size))));
      assert.equal(chunks.length, 100);
    });
  }
});

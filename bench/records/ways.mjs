/**
 * Ways to read records. Each returns how many there were, and `amount`, their characters or bytes: those that are compared
 * have to agree.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const readline = (path, options) =>
  createInterface({ input: fs.createReadStream(path, options), crlfDelay: Number.POSITIVE_INFINITY });

async function countStrings(lines) {
  let [records, amount] = [0, 0];
  for await (const line of lines) {
    records++;
    amount += line.length;
  }
  return { records, amount };
}

async function countBatches(stream) {
  let [records, amount] = [0, 0];
  for await (const batch of stream.batches()) {
    records += batch.length;
    amount += batch.data.length;
  }
  return { records, amount };
}

/** With our stream where `slipring` is given. */
export const ways = {
  'lines()': (path, { slipring }) => countStrings(slipring.createReadStream(path).lines()),

  'batches(), strings()': async (path, { slipring }) => {
    let [records, amount] = [0, 0];
    for await (const batch of slipring.createReadStream(path, { records: 'lines' }).batches()) {
      for (const line of batch.strings()) {
        records++;
        amount += line.length;
      }
    }
    return { records, amount };
  },

  'batches(), size(i)': async (path, { slipring }) => {
    let [records, bytes] = [0, 0];
    let loopNs = 0n;
    for await (const batch of slipring.createReadStream(path, { records: 'lines' }).batches()) {
      const began = process.hrtime.bigint();
      const { length } = batch;
      for (let i = 0; i < length; i++) bytes += batch.size(i);
      records += length;
      loopNs += process.hrtime.bigint() - began;
    }
    // Not compared: `wc -l` does not tell.
    return { records, bytesOfRecords: bytes, loopNs: Number(loopNs) };
  },

  'batches() of 188': (path, { slipring }) => countBatches(slipring.createReadStream(path, { records: { size: 188 } })),

  'batches() of u32': (path, { slipring }) =>
    countBatches(slipring.createReadStream(path, { records: { prefix: 'u32le' } })),

  'slots()': async (path, { slipring }) => {
    let amount = 0;
    for await (const slot of slipring.createReadStream(path).slots()) amount += slot.data.length;
    return { amount };
  },

  'readline, for await': (path, { options }) => countStrings(readline(path, options)),

  "readline, 'line'": async (path, { options }) => {
    let [records, amount] = [0, 0];
    const lines = readline(path, options).on('line', (line) => {
      records++;
      amount += line.length;
    });
    await once(lines, 'close');
    return { records, amount };
  },

  'wc -l': async (path) => {
    const wc = spawn('wc', ['-l', path], { stdio: ['ignore', 'pipe', 'inherit'] });
    return { records: parseInt(await text(wc.stdout), 10) };
  },
};

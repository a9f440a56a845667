// Publishes a file's lines in one way, in a process of its own, and says how long it took, what of the processor, and what was stored.
import { createReadStream as fsReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createReadStream } from 'slipring';
import { publish } from 'slipring/jetstream';

const SUBJECT = 'bench.lines';

/** What people write: as many promises under way as there may be. */
async function plainLoop(js, messages, inFlight) {
  let underWay = 0;
  let wake;
  let failure;
  let count = 0;
  for await (const message of messages) {
    while (underWay >= inFlight) await new Promise((resolve) => (wake = resolve));
    if (failure) throw failure;
    underWay++;
    js.publish(SUBJECT, message, { msgID: `bench:${count++}` })
      .catch((error) => (failure = error))
      .finally(() => {
        underWay--;
        wake?.();
      });
  }
  while (underWay > 0) await new Promise((resolve) => (wake = resolve));
  if (failure) throw failure;
  return count;
}

/** Lines, put together as long as they fit. */
async function* joined(lines, size) {
  let text = '';
  for await (const line of lines) {
    if (text.length + line.length >= size) {
      yield text;
      text = '';
    }
    text += `${line}\n`;
  }
  if (text !== '') yield text;
}

const linesOf = (file) => createInterface({ input: fsReadStream(file), crlfDelay: Infinity });

const ways = {
  'loop: lines': (js, { file, inFlight }) => plainLoop(js, linesOf(file), inFlight),
  'loop: batches': (js, { file, inFlight, size }) => plainLoop(js, joined(linesOf(file), size), inFlight),
  'publish(): lines': async (js, { file, inFlight }) => {
    const source = createReadStream(file, { records: 'lines' });
    return (await publish(source, js, { subject: SUBJECT, maxInFlight: inFlight, maxBytes: 2 ** 30 })).messages;
  },
  'publish(): batches': async (js, { file, inFlight, size }) => {
    const source = createReadStream(file, { records: 'lines', slotSize: size });
    const options = { subject: SUBJECT, split: 'bytes', maxInFlight: inFlight, maxBytes: 2 ** 30 };
    return (await publish(source, js, options)).messages;
  },
};

process.once('message', async ({ way, port, ...options }) => {
  const nats = await connect({ servers: `127.0.0.1:${port}` });
  const js = jetstream(nats);
  const manager = await js.jetstreamManager();
  await manager.streams.delete('BENCH').catch(() => undefined);
  await manager.streams.add({ name: 'BENCH', subjects: ['bench.*'], storage: 'memory' });
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const messages = await ways[way](js, options);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { state } = await manager.streams.info('BENCH');
  await nats.close();
  process.send({ messages, stored: state.messages, seconds, cpuSeconds: (user + system) / 1e6 });
  process.disconnect();
});

// Ships a folder's logs into NATS JetStream: one subject for each, and each line once, however often this is killed.
//
//   node main.mjs FOLDER [SERVER ...]
//
// Every `*.log` is followed; a new one is found when it comes. The stream LOGS is made when it is not there.
import { readdirSync, watch } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createReadStream } from 'slipring';
import { publish } from 'slipring/jetstream';

const [folder, ...servers] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node main.mjs FOLDER [SERVER ...]');

const nats = await connect({
  servers: servers.length > 0 ? servers : '127.0.0.1:4222',
  maxReconnectAttempts: -1,
  reconnectTimeWait: 250,
  waitOnFirstConnect: true,
});
const js = jetstream(nats);
const manager = await js.jetstreamManager();
await manager.streams.add({ name: 'LOGS', subjects: ['logs.>'] });

/** What may stand in a subject. */
const token = (name) => name.replace(/[^\w-]/g, '_');

function open(path, resume) {
  const log = createReadStream(path, { follow: true, records: 'lines', resume });
  log.on('gap', (gap) => console.error(`${path}: something is lost:`, gap));
  return log;
}

const shipped = new Set();

function ship(name) {
  if (!name.endsWith('.log') || shipped.has(name)) return;
  shipped.add(name);
  const path = join(folder, name);
  const subject = `logs.${token(hostname())}.${token(name)}`;
  console.error(`${path}: to ${subject}`);
  publish((resume) => open(path, resume), js, {
    subject,
    onRetry: ({ code, message }) => console.error(`${path}: ${code}: ${message}`),
  }).catch((error) => {
    // Nothing passes by itself that ends here: somebody has to look. What supervises this starts it again.
    console.error(`${path}: ${error.code}: ${error.message}`);
    process.exit(1);
  });
}

const watcher = watch(folder, (_event, name) => {
  if (readdirSync(folder).includes(name)) ship(name);
});
watcher.on('error', (error) => {
  throw error;
});
for (const name of readdirSync(folder)) ship(name);

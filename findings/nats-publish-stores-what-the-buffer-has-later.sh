#!/usr/bin/env bash
# NATS: a buffer that is filled anew right after publish() has returned is mostly stored with its new bytes, not always.
#
# The client's documentation says of the payload that it may be a Uint8Array, and nothing of whose it is after the call.
# Expected: that the message is what was given at the time of the call; or at least always the one or the other.
# Seen on 2026-11-30 with @nats-io/jetstream 3.4.0, @nats-io/transport-node 3.4.0 and nats-server 2.9.10 (Debian): alone, the
# message is stored with what was written into the buffer afterwards. Of 300 in one turn, 2 were stored as they were when
# publish() was called, and 298 with what came later. So a reader that uses its buffer again has to wait for the ack of each
# message, or copies it.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --no-audit --no-fund --prefix . @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0
if ! server=$(command -v nats-server); then
  apt-get download -qq nats-server
  dpkg-deb -x nats-server_*.deb server
  server=$(find "$PWD/server" -type f -name nats-server)
fi
"$server" --version
"$server" -js -a 127.0.0.1 -p -1 --ports_file_dir "$folder" -sd "$folder/store" 2>/dev/null &
until ports=$(ls nats-server_*.ports 2>/dev/null) && [[ -s $ports ]]; do sleep 0.1; done
cat >program.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const [address] = JSON.parse(readFileSync(process.argv[2], 'utf8')).nats;
const nats = await connect({ servers: address });
const client = jetstream(nats);
const manager = await client.jetstreamManager();
await manager.streams.add({ name: 'ORDERS', subjects: ['orders.*'], storage: 'memory' });

function publish(number) {
  const payload = Buffer.alloc(200, 'before');
  const acked = client.publish(`orders.${number}`, payload);
  payload.fill('later.');
  return acked;
}

const stored = { before: 0, 'later.': 0 };
async function look(number) {
  const { data } = await manager.streams.getMessage('ORDERS', { last_by_subj: `orders.${number}` });
  return Buffer.from(data).toString('utf8', 0, 6);
}

await publish('alone');
const alone = await look('alone');
const numbers = Array.from({ length: 300 }, (_, number) => number);
await Promise.all(numbers.map(publish));
for (const number of numbers) stored[await look(number)]++;
console.log(`alone: ${alone} of 300: ${stored.before} before, ${stored['later.']} later`);
await nats.close();
process.exitCode = alone === 'later.' && stored.before > 0 && stored['later.'] > 0 ? 0 : 1;
JS
node program.mjs "$ports"

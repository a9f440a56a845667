#!/usr/bin/env bash
# NATS: "jetstream is not enabled" is what its client says when JetStream is, and no stream takes the subject.
#
# The client has one error for it, JetStreamNotEnabled, of which its documentation says no more than the name.
# Expected: an error that says that no stream has the subject. The server answers "no responders", with which the client knows
# no more than that; and the account of this program has just been told that it has JetStream.
# Seen on 2026-11-30 with @nats-io/jetstream 3.4.0, @nats-io/transport-node 3.4.0 and nats-server 2.9.10 (Debian): publish() is
# refused with JetStreamNotEnabled, and after a stream was made the same call works. Who reads it looks for a setting of the
# server that is right already.
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
const { streams } = await manager.getAccountInfo();
const error = await client.publish('orders.1', 'x').then(() => undefined, (error) => error);
await manager.streams.add({ name: 'ORDERS', subjects: ['orders.*'], storage: 'memory' });
const { seq } = await client.publish('orders.1', 'x');
console.log(`the account has ${streams} streams; ${error?.name}: ${error?.message}; with a stream: stored as ${seq}`);
await nats.close();
JS
seen=$(node program.mjs "$ports")
echo "$seen"
[[ $seen == "the account has 0 streams; JetStreamNotEnabled: jetstream is not enabled; with a stream: stored as 1" ]]

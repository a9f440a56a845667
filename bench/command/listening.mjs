/** Datagrams at a steady rate into a file: how many are lost, and who knows it. */
import { execFile, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { median } from '../lib/metrics.mjs';
import { hasProgram } from '../lib/native.mjs';
import { inTurns } from '../lib/turns.mjs';

const SIZE = 200;
const SECONDS = 5;
const QUIET_MS = 300;

/** What people write, and it is not slow: each message to a file. */
const WITH_DGRAM = `
const file = require('node:fs').createWriteStream(process.argv[2]);
require('node:dgram').createSocket('udp4').on('message', (message) => file.write(message)).bind(Number(process.argv[1]), '127.0.0.1');
file.on('ready', () => process.on('SIGINT', () => file.end(() => process.exit())));
`;

async function freePort() {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise((resolve) => void socket.close(resolve));
  return port;
}

/** Whether somebody is bound to the port. */
async function isBound(port) {
  const { stdout } = await promisify(execFile)('cat', ['/proc/net/udp']);
  return stdout.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `);
}

async function until(condition) {
  while (!(await condition())) await delay(10);
}

async function runOnce(name, context) {
  const output = path.join(context.folder, 'datagrams');
  rmSync(output, { force: true });
  const port = await freePort();
  const receivers = {
    'slipring listen': [...context.slipring, 'listen', `udp://127.0.0.1:${port}`, '-o', output],
    'node:dgram': [process.execPath, '-e', WITH_DGRAM, '--', String(port), output],
    'node:dgram (control)': [process.execPath, '-e', WITH_DGRAM, '--', String(port), output],
    socat: ['socat', '-u', `UDP-RECV:${port},bind=127.0.0.1`, `CREATE:${output}`],
  };
  const [program, ...args] = receivers[name];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  await until(async () => (await isBound(port)) && existsSync(output));
  const count = context.rate * SECONDS;
  const sending = [port, count, SIZE, 16, context.rate].map(String);
  const { stdout } = await promisify(execFile)(path.join(context.programs, 'send_udp'), sending);
  const { sent, ns } = JSON.parse(stdout);
  for (let before = -1; before !== statSync(output).size;) {
    before = statSync(output).size;
    await delay(QUIET_MS);
  }
  // What the system has lost last is told with the next datagram.
  const last = dgram.createSocket('udp4');
  await new Promise((resolve) => void last.send(Buffer.alloc(SIZE), port, '127.0.0.1', resolve));
  last.close();
  await delay(QUIET_MS);
  child.kill('SIGINT');
  await once(child, 'close');
  const written = statSync(output).size / SIZE;
  return { sent: sent + 1, written, lost: sent + 1 - written, perSecond: (sent / ns) * 1e9, said };
}

/** What the last line of `slipring listen` says. */
function toldBy(said) {
  const [, datagrams = '0'] = /lost (\d+) datagrams?/.exec(said) ?? [];
  return Number(datagrams);
}

export async function listening(context) {
  const names = ['node:dgram', 'node:dgram (control)', ...(hasProgram('socat') ? ['socat'] : []), 'slipring listen'];
  const runs = await inTurns(names, { rounds: context.runs }, (name) => runOnce(name, context));
  const lossOf = (name) => median(runs[name].map(({ lost, sent }) => lost / sent));
  const rows = names.map((name) => [
    name,
    (lossOf(name) * 100).toFixed(2),
    Math.max(...runs[name].map(({ lost, sent }) => (lost / sent) * 100)).toFixed(2),
    Math.round(median(runs[name].map(({ perSecond }) => perSecond))).toString(),
  ]);
  return {
    tables: [
      {
        title: `${SIZE} bytes, ${context.rate} a second, for ${SECONDS} s`,
        head: ['', 'lost %', 'worst %', 'sent a second'],
        rows,
      },
    ],
    promises: [
      {
        what: 'a third of the loss of node:dgram at most',
        isKept: lossOf('slipring listen') <= lossOf('node:dgram') / 3,
      },
      { what: 'every loss told', isKept: runs['slipring listen'].every(({ said, lost }) => toldBy(said) === lost) },
    ],
  };
}

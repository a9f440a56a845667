/**
 * Reads one device in one way, in a process of its own: `device-reader.mjs <way> <job> <path>`. Says 'open' when whoever
 * writes may begin, and then what it found.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import tty from 'node:tty';

import { createDeviceStream } from 'slipring';

const [, , way, job, path] = process.argv;
// Messages that come while V8 still compiles what it runs, in either way.
const WARM_UP = 1000;
// As native/write_device.c writes them.
const LINE = 60;
const DIGITS = 20;
const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;

async function open() {
  if (way.startsWith('slipring')) {
    const stream = createDeviceStream(path, way === 'slipring, records' ? { records: 'lines' } : {});
    await once(stream, 'ready');
    return stream;
  }
  const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  return way === 'tty.ReadStream' ? new tty.ReadStream(fd) : new net.Socket({ fd, readable: true, writable: false });
}

const jobs = {
  /** How long each time took to get here. */
  times(stream, finished, total) {
    const microseconds = [];
    let rest = Buffer.alloc(0);
    stream.on('data', (chunk) => {
      const now = process.hrtime.bigint();
      // A terminal that is full cuts a message in two.
      const messages = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (; at + 8 <= messages.length; at += 8) microseconds.push(Number(now - messages.readBigUInt64LE(at)) / 1000);
      rest = messages.subarray(at);
      if (microseconds.length === total) finished();
    });
    return () => ({ microseconds: microseconds.slice(WARM_UP) });
  },
  /** The same of lines, each of which begins with the time in decimal digits. */
  lines(stream, finished, total) {
    const microseconds = [];
    stream.on('data', (chunk) => {
      const now = process.hrtime.bigint();
      // One at a time, as a rule: with its newline or without.
      for (let at = 0; at + LINE - 1 <= chunk.length; at += LINE) {
        microseconds.push(Number(now - BigInt(chunk.latin1Slice(at, at + DIGITS))) / 1000);
      }
      if (microseconds.length === total) finished();
    });
    return () => ({ microseconds: microseconds.slice(WARM_UP) });
  },
  /** How fast the bytes came, and which they were. */
  bytes(stream, finished, total) {
    const hash = createHash('sha256');
    let bytes = 0;
    let chunks = 0;
    let began;
    let ended;
    stream.on('data', (chunk) => {
      began ??= performance.now();
      hash.update(chunk);
      bytes += chunk.length;
      chunks++;
      if (bytes < total) return;
      ended = performance.now();
      finished();
    });
    return () => ({ megabytesPerSecond: bytes / 1000 / (ended - began), bytes, chunks, sha256: hash.digest('hex') });
  },
};

const stream = await open();
let result;
const finished = () => process.send('all');
const tell = jobs[job](stream, finished, Number(process.argv[5]));
stream.on('error', () => undefined); // how Node tells of a terminal that hangs up
stream.on('close', () => {
  const { user, system } = process.cpuUsage();
  result ??= { ...tell(), cpuSeconds: (user + system) / 1e6 };
  process.send(result, () => process.disconnect());
});
process.send('open');

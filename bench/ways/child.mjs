/**
 * Reads an input in one way, once, in a process of its own, and prints what it took as one line of JSON. What it loads, and
 * whoever is on the other side, is there before the clock starts; it stops at the last byte.
 *
 *   child.mjs '{ "input", "way", "reader", "times", "bytes", "context": { "path", "folder", "programs" } }'
 *
 * Without a way it only says how much memory that takes.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { peakRss } from '../lib/peak-rss.mjs';
import { ways } from './index.mjs';
import { inputs } from './inputs.mjs';
import { openerOf } from './readers.mjs';

const given = JSON.parse(process.argv[2]);

async function measure() {
  const [input, way] = [inputs[given.input], ways.get(given.way)];
  const open = await openerOf(input.kind, way, given.reader);
  const context = { ...given.context, ...(await way.prepare?.(given.context)) };
  Object.assign(context, await input.prepare?.(given.context));

  const size = given.times * given.bytes;
  let bytes = 0;
  let finish;
  let fail;
  const finished = new Promise((...both) => ([finish, fail] = both));
  const count = (more) => {
    bytes += more;
    if (bytes === size) finish();
  };
  const readOne = async () => {
    const stream = await open(context.path);
    stream.on('error', fail);
    context.opened?.();
    await way.run(stream, count, context);
  };

  const cpuBefore = process.cpuUsage();
  const begin = process.hrtime.bigint();
  await Promise.race([input.run(given.times, readOne), finished]);
  const ns = Number(process.hrtime.bigint() - begin);
  const { user, system } = process.cpuUsage(cpuBefore);
  if (bytes !== size) throw new Error(`Error: ${bytes} bytes of ${size}`);
  return { bytes, ns, cpuNs: (user + system) * 1000 };
}

const result = given.way ? await measure() : await delay(100, {});
console.log(JSON.stringify({ ...result, peakRss: peakRss() }));
// Not process.exit(): Node may wait for ever there for a thread of V8's that waits for this one to collect garbage.
process.kill(process.pid, 'SIGKILL');

/**
 * Reads records in one way, in a process of its own, and prints what it took as one line of JSON. What it loads is there, and V8
 * has compiled what it compiles, before the clock starts: all is read once before.
 *
 *   child.mjs '{ "way", "path", "slipring": whether it is ours, "highWaterMark" }'
 */
import fs from 'node:fs';

import { peakRss } from '../lib/peak-rss.mjs';
import { ways } from './ways.mjs';

const { way, path, highWaterMark, ...given } = JSON.parse(process.argv[2]);
const slipring = given.slipring ? await import('slipring') : undefined;
const bytes = fs.statSync(path).size;

const read = () => ways[way](path, { slipring, options: highWaterMark ? { highWaterMark } : {} });
await read();
const cpuBefore = process.cpuUsage();
const begin = process.hrtime.bigint();
const result = await read();
const ns = Number(process.hrtime.bigint() - begin);
const { user, system } = process.cpuUsage(cpuBefore);

console.log(JSON.stringify({ bytes, ns, cpuNs: (user + system) * 1000, peakRss: peakRss(), ...result }));
// Not process.exit(): see bench/ways/child.mjs.
process.kill(process.pid, 'SIGKILL');

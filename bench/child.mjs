/**
 * Runs one contender once, in a process of its own, and prints what it did as one line of JSON. What it loads is loaded
 * before the clock starts.
 *
 *   node bench/child.mjs CASE CONTENDER CONTEXT
 */
import { peakRss } from './lib/peak-rss.mjs';

const [caseName, contenderName, contextText] = process.argv.slice(2);
const given = JSON.parse(contextText);

const { default: benchCase } = await import(`./cases/${caseName}.mjs`);
const contender = benchCase.contenders({ size: given.size, sweep: true }).find(({ name }) => name === contenderName);
if (contender.library) given.library = await import(contender.library);
const context = { ...given, prepared: await contender.prepare?.(given) };

const cpuBefore = process.cpuUsage();
const begin = process.hrtime.bigint();
const result = await contender.run(context);
const ns = Number(process.hrtime.bigint() - begin);
const { user, system } = process.cpuUsage(cpuBefore);

console.log(JSON.stringify({ ns, cpuNs: (user + system) * 1000, peakRss: peakRss(), ...result }));

/** How late everything else in the process gets its turn while a stream is read as fast as it comes. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { fsReaders, slipringReaders } from '../lib/readers.mjs';
import { ways } from '../lib/ways.mjs';

/** Node records the time between two firings of a timer of this interval: that much of every value is no delay. */
const RESOLUTION_MS = 1;

/** About 10 GB at full rate. */
function secondsFor(size) {
  return Math.min(3, Math.max(0.5, (3 * size) / 2 ** 30));
}

function monitored(contender) {
  return {
    ...contender,
    run: async (context) => {
      const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      monitor.enable();
      const result = await contender.run(context, secondsFor(context.size) * 1000);
      monitor.disable();
      const delayed = (ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
      return { ...result, delayP99Ms: delayed(monitor.percentile(99)), delayMaxMs: delayed(monitor.max) };
    },
  };
}

/** Reads what `open` returns, again when it has ended, for `ms`. */
function readFor(way, reader, open = reader.open) {
  return {
    ...reader,
    name: `${reader.name}, ${way}`,
    run: async (context, ms) => {
      const deadline = performance.now() + ms;
      const enough = () => performance.now() >= deadline;
      let bytes = 0;
      while (!enough()) bytes += (await ways[way](open(context), enough)).bytes;
      return { bytes };
    },
  };
}

const idle = {
  name: 'idle',
  role: 'idle',
  run: async (context, ms) => {
    await delay(ms);
    return { bytes: 0 };
  },
};

export default {
  name: 'event-loop-delay',
  title: 'event-loop delay at full rate',
  columns: ['delayP99', 'delayMax', 'gbPerSecond'],
  endless: true,
  contenders: () => {
    const [slipring] = slipringReaders();
    const endless = { ...slipring, name: 'slipring pattern' };
    const openEndless = ({ library }) => library.createPatternStream();
    return [
      idle,
      ...fsReaders().map((reader) => readFor('data', reader)),
      ...fsReaders([65536, 1048576]).map((reader) => readFor('for await', reader)),
      ...Object.keys(ways).map((way) => readFor(way, slipring)),
      ...Object.keys(ways).map((way) => readFor(way, endless, openEndless)),
    ].map(monitored);
  },
};

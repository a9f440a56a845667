/** How much memory a long stream takes: ten times the input's size goes through it. */
import { setTimeout as delay } from 'node:timers/promises';

import { fsReaders } from '../lib/readers.mjs';
import { ways } from '../lib/ways.mjs';

const TIMES = 10;

const idle = {
  name: 'idle node',
  role: 'idle',
  run: async () => {
    await delay(100);
    return { bytes: 0 };
  },
};

/** What loading the package takes, without any stream. */
const loaded = { ...idle, name: 'idle node with slipring', library: 'slipring' };

function slipringIn(way) {
  return {
    name: `slipring pattern, ${way}`,
    role: 'slipring',
    library: 'slipring',
    run: async ({ library, size }) => {
      const stream = library.createPatternStream({ length: size });
      const { bytes } = await ways[way](stream);
      const { slots, slotSize } = stream.stats();
      return { bytes, ringBytes: slots * slotSize };
    },
  };
}

function fsIn(way, reader) {
  return {
    ...reader,
    name: `${reader.name}, /dev/zero, ${way}`,
    run: (context) => ways[way](reader.open({ ...context, input: '/dev/zero', end: context.size - 1 })),
  };
}

export default {
  name: 'memory',
  title: `memory of a stream of ${TIMES} times that size`,
  columns: ['peakRss', 'overIdle', 'overIdleAndRing', 'gbPerSecond'],
  size: (size) => size * TIMES,
  noInput: true,
  contenders: () => [
    idle,
    loaded,
    ...fsReaders([65536, 1048576]).map((reader) => fsIn('data', reader)),
    ...Object.keys(ways).map(slipringIn),
  ],
};

/** How long it takes from opening a file to the first chunk. */
import { once } from 'node:events';

import { fsReaders, slipringReaders } from '../lib/readers.mjs';
import { nativeOfSizes } from '../lib/tools.mjs';

const SIZES = [65536, 262144, 1048576];

/** The first chunk's arrival is timed; that the file is closed again is waited for, and not timed. */
function repeated(reader) {
  return {
    ...reader,
    prepare: async () => {
      const { Bench } = await import('tinybench');
      return new Bench({ time: 400, iterations: 64, warmupTime: 100, throws: true });
    },
    run: async (context) => {
      const bench = context.prepared;
      bench.add(reader.name, async () => {
        const begin = performance.now();
        const stream = reader.open(context);
        const closed = once(stream, 'close');
        await once(stream, 'data');
        const overriddenDuration = performance.now() - begin;
        stream.destroy();
        await closed;
        return { overriddenDuration };
      });
      const [{ result }] = await bench.run();
      const { p50, p99 } = result.latency; // milliseconds
      return { firstByteP50Ns: p50 * 1e6, firstByteP99Ns: p99 * 1e6 };
    },
  };
}

export default {
  name: 'first-byte',
  title: 'first-byte latency',
  columns: ['firstByteP50', 'firstByteP99', 'peakRss'],
  endless: true,
  contenders: () => [
    ...fsReaders(SIZES).map(repeated),
    ...slipringReaders().map(repeated),
    ...nativeOfSizes('C open() + read()', SIZES, 'first_byte', ({ input }) => [input]),
  ],
};

/** Looks at every chunk of a file, in each of the ways to read a stream. */
import { fsReaders, slipringReaders } from '../lib/readers.mjs';
import { nativeOfSizes, tool } from '../lib/tools.mjs';
import { readIn } from '../lib/ways.mjs';

const KIB = 1024;

export default {
  name: 'count',
  title: 'file → count',
  columns: ['gbPerSecond', 'cpuPerGb', 'peakRss'],
  contenders: ({ sweep }) => [
    ...fsReaders().map((reader) => readIn('data', reader)),
    ...fsReaders().map((reader) => readIn('for await', reader)),
    ...slipringReaders().map((reader) => readIn('data', reader)),
    ...slipringReaders({ sweep }).map((reader) => readIn('for await', reader)),
    // fs has no such way. It is compared with the fastest one that fs has.
    ...slipringReaders({ sweep }).map((reader) => readIn('slots()', reader, 'data')),
    ...nativeOfSizes('C read()', [64 * KIB, 256 * KIB, 1024 * KIB], 'read_count', ({ input }) => [input], 'data'),
    tool('cat', 'cat', ({ input }) => [input], { group: 'data' }),
    tool('dd bs=256k', 'dd', ({ input }) => [`if=${input}`, 'of=/dev/null', 'bs=262144', 'status=none'], {
      group: 'data',
    }),
  ],
};

/** Small chunks, as of audio or a serial line: what one chunk costs. */
import { readersOfSize, sizeName } from '../lib/readers.mjs';
import { native } from '../lib/tools.mjs';
import { readIn } from '../lib/ways.mjs';

const SIZES = [1024, 4096, 16384];

export default {
  name: 'small-slots',
  title: 'small slots',
  columns: ['gbPerSecond', 'chunksPerSecond', 'cpuPerGb', 'peakRss'],
  size: (size) => size / 16,
  contenders: () =>
    SIZES.flatMap((size) => {
      const [fs, slipring] = readersOfSize(size);
      const group = sizeName(size);
      return [
        { ...readIn('data', fs, group), role: 'fs default' },
        readIn('for await', fs, group),
        readIn('data', slipring, group),
        readIn('for await', slipring, group),
        readIn('slots()', slipring, group),
        native(`C read(), ${group}`, 'read_count', ({ input }) => [input, size], group),
      ];
    }),
};

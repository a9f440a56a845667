/** Compresses a file: work on the thread pool that takes much longer than reading. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { fsReaders, slipringReaders } from '../lib/readers.mjs';
import { tool } from '../lib/tools.mjs';

// The fastest level, so that reading is not lost to sight altogether.
const LEVEL = 1;

function piped(reader) {
  return {
    ...reader,
    run: async (context) => {
      const gzip = createGzip({ level: LEVEL });
      await pipeline(reader.open(context), gzip, new Writable({ write: (chunk, encoding, callback) => callback() }));
      return { bytes: gzip.bytesWritten };
    },
  };
}

export default {
  name: 'gzip',
  title: `file → gzip -${LEVEL}`,
  columns: ['gbPerSecond', 'cpuPerGb', 'peakRss'],
  size: (size) => size / 8,
  contenders: () => [
    ...fsReaders().map(piped),
    ...slipringReaders().map(piped),
    tool(`gzip -${LEVEL}`, 'gzip', ({ input }) => [`-${LEVEL}`, '--stdout', input]),
  ],
};

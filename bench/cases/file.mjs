/** Copies a file through a stream. */
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { fsReaders, slipringReaders } from '../lib/readers.mjs';
import { nativeOfSizes, tool } from '../lib/tools.mjs';

function piped(reader) {
  return {
    ...reader,
    run: async (context) => {
      const destination = fs.createWriteStream(context.output);
      await pipeline(reader.open(context), destination);
      return { bytes: destination.bytesWritten };
    },
  };
}

export default {
  name: 'file',
  title: 'file → file',
  columns: ['gbPerSecond', 'cpuPerGb', 'peakRss'],
  contenders: ({ sweep }) => [
    ...fsReaders().map(piped),
    ...slipringReaders({ sweep }).map(piped),
    ...nativeOfSizes('C read() + write()', [262144], 'read_write', ({ input, output }) => [input, output]),
    tool('cp', 'cp', ({ input, output }) => [input, output]),
    tool('cat', 'cat', ({ input }) => [input], { output: ({ output }) => output }),
    tool('dd bs=256k', 'dd', ({ input, output }) => [`if=${input}`, `of=${output}`, 'bs=262144', 'status=none']),
  ],
};

/** Hashes a file: work on the JS thread that takes longer than reading. */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';

import { fsReaders, slipringReaders } from '../lib/readers.mjs';
import { tool } from '../lib/tools.mjs';

function piped(reader) {
  return {
    ...reader,
    name: `${reader.name}, pipe`,
    run: async (context) => {
      const hash = createHash('sha256');
      await pipeline(reader.open(context), hash);
      return { bytes: context.size, digest: hash.digest('hex') };
    },
  };
}

function updatedFromSlots(reader) {
  return {
    ...reader,
    name: `${reader.name}, slots()`,
    run: async (context) => {
      const hash = createHash('sha256');
      for await (const slot of reader.open(context).slots()) hash.update(slot.data);
      return { bytes: context.size, digest: hash.digest('hex') };
    },
  };
}

export default {
  name: 'sha256',
  title: 'file → sha256',
  columns: ['gbPerSecond', 'cpuPerGb', 'peakRss'],
  contenders: () => [
    ...fsReaders().map(piped),
    ...slipringReaders().map(piped),
    ...slipringReaders().map(updatedFromSlots),
    tool('openssl dgst -sha256', 'openssl', ({ input }) => ['dgst', '-sha256', input]),
  ],
};

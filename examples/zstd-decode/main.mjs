// Decompresses a .zst file into another file, or to standard output:
//
//   node main.mjs FILE.zst [OUTPUT]
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { createPluginStream } from 'slipring';

const PLUGIN = fileURLToPath(new URL('zstd-decode.so', import.meta.url));

async function main([file, output]) {
  if (file === undefined) throw new Error('say which FILE.zst is to be decompressed');
  const stream = createPluginStream(PLUGIN, { config: { file } });
  // Before a file is made: is there something to decompress?
  await once(stream, 'ready');
  await pipeline(stream, output === undefined ? process.stdout : createWriteStream(output));
}

main(process.argv.slice(2)).catch((error) => {
  // Whoever read it, such as `head`, has seen enough.
  if (error.code === 'EPIPE') return;
  console.error(`zstd-decode: ${error.message}`);
  process.exitCode = 1;
});

// Lists all that is below a folder, a line of JSON for each entry:
//
//   node main.mjs [FOLDER] | jq .
//
// The exit code is 1 when the folder cannot be listed.
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createPluginStream } from 'slipring';

const library = fileURLToPath(new URL('walk.so', import.meta.url));

try {
  const [folder = '.'] = process.argv.slice(2);
  await pipeline(createPluginStream(library, { config: folder }), process.stdout);
} catch (error) {
  // Whoever reads the output may have had enough, as `head` does.
  if (error.code !== 'EPIPE') {
    console.error(`rust-source: ${error.message}`);
    process.exitCode = 1;
  }
}

// Measures how fast content is decompressed: by this plugin, by Node's own zlib, and by `zstd -dc` as the limit.
//
//   node compare.mjs [FILE]
//
// FILE is the content, not compressed; without one, 100 MB are made up. Each way runs once before it counts. Then the ways
// take turns, so that what else the machine does hits all of them; the table shows medians.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import { createPluginStream } from 'slipring';

const PLUGIN = fileURLToPath(new URL('zstd-decode.so', import.meta.url));
const RUNS = 7;
const SIZE = 100e6;

/** Lines as a server might log them: about as compressible as text. */
function makeContent(file) {
  let state = 1;
  const random = (below) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  const lines = [];
  for (let size = 0; size < SIZE; size += lines.at(-1).length) {
    const [id, took] = [random(1e9).toString(16), random(1e5) / 100];
    lines.push(`2026-01-01T00:00:00Z GET /items/${id}?page=${random(100)} 200 ${took} ms, ${random(1e6)} bytes\n`);
  }
  writeFileSync(file, lines.join(''));
}

/** Reads a stream to its end, and fails when it is not of that size. */
async function drain(size, ...streams) {
  let got = 0;
  const sink = new Writable({
    write(chunk, _encoding, callback) {
      got += chunk.length;
      callback();
    },
  });
  await pipeline(...streams, sink);
  if (got !== size) throw new Error(`${got} bytes came, and not ${size}`);
}

async function runCommand(command, ...args) {
  const [code] = await once(spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}`);
}

function waysFor(zst, gz, size) {
  const ways = {
    'slipring, zstd-decode': () => drain(size, createPluginStream(PLUGIN, { config: { file: zst } })),
    'node:zlib, createGunzip': () => drain(size, createReadStream(gz), zlib.createGunzip()),
  };
  if (zlib.createZstdDecompress) {
    ways['node:zlib, createZstdDecompress'] = () => drain(size, createReadStream(zst), zlib.createZstdDecompress());
  }
  // With its start. Its output is thrown away, as ours is.
  ways['zstd -dc'] = () => runCommand('zstd', '-qdc', zst);
  return ways;
}

async function measure(ways) {
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let run = 0; run <= RUNS; run++) {
    for (const [name, way] of Object.entries(ways)) {
      const began = performance.now();
      await way();
      if (run > 0) times[name].push(performance.now() - began);
    }
  }
  return times;
}

async function main(given) {
  const folder = mkdtempSync(path.join(tmpdir(), 'zstd-decode-'));
  try {
    const content = given ?? path.join(folder, 'content');
    const [zst, gz] = [path.join(folder, 'content.zst'), path.join(folder, 'content.gz')];
    if (given === undefined) makeContent(content);
    execFileSync('zstd', ['-q', '-o', zst, content]);
    await pipeline(createReadStream(content), zlib.createGzip(), createWriteStream(gz));
    const { size } = statSync(content);
    const mb = (file) => (statSync(file).size / 1e6).toFixed(1);
    console.log(
      `${mb(content)} MB, by zstd ${mb(zst)} MB, by gzip ${mb(gz)} MB; ${RUNS} runs, node ${process.version}`,
    );
    for (const [name, times] of Object.entries(await measure(waysFor(zst, gz, size)))) {
      const sorted = times.map((ms) => size / 1000 / ms).sort((a, b) => a - b);
      const [least, median, most] = [0, (RUNS - 1) / 2, RUNS - 1].map((i) => sorted[i].toFixed(0));
      console.log(`${name.padEnd(34)}${median.padStart(6)} MB/s  (${least} to ${most})`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv[2]).catch((error) => {
  console.error(`compare: ${error.message}`);
  process.exitCode = 1;
});

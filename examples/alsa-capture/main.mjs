// Records sound from an ALSA device into a .wav file, for some seconds or until Ctrl-C:
//
//   node main.mjs [--device default] [--rate 48000] [--channels 2] [--seconds 5] FILE.wav
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createPluginStream } from 'slipring';

const PLUGIN = fileURLToPath(new URL('alsa-capture.so', import.meta.url));
const HEADER_SIZE = 44;
const BYTES_PER_SAMPLE = 2; // S16_LE

/** What stands before the samples in a .wav file. */
function wavHeader({ rate, channels }, dataSize) {
  const header = Buffer.alloc(HEADER_SIZE);
  const frameSize = channels * BYTES_PER_SAMPLE;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_SIZE - 8 + dataSize, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // plain PCM
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * frameSize, 28);
  header.writeUInt16LE(frameSize, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataSize, 40);
  return header;
}

/** Writes the header once it is known what it has to say. */
async function finishWav(file, format) {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const dataSize = Math.max(0, size - HEADER_SIZE);
    await handle.write(wavHeader(format, dataSize), 0, HEADER_SIZE, 0);
    return dataSize;
  } finally {
    await handle.close();
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      device: { type: 'string', default: 'default' },
      rate: { type: 'string', default: '48000' },
      channels: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '5' },
    },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined) throw new Error('say which FILE.wav is to be written');
  const format = { rate: Number(values.rate), channels: Number(values.channels) };
  const frames = Math.round(Number(values.seconds) * format.rate);

  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const stream = createPluginStream(PLUGIN, { config: { device: values.device, format: 'S16_LE', ...format, frames } });
  stream.on('gap', ({ sequence }) => console.error(`sound was lost before chunk ${sequence}`));
  // Before a file is made: is there such a device?
  await once(stream, 'ready');
  try {
    await pipeline(stream, createWriteStream(file, { start: HEADER_SIZE }), { signal: stopped.signal });
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  } finally {
    const bytes = await finishWav(file, format);
    console.log(`${file}: ${bytes / (format.channels * BYTES_PER_SAMPLE)} frames`);
  }
}

main().catch((error) => {
  console.error(`alsa-capture: ${error.message}`);
  process.exitCode = 1;
});

/** Makes bytes instead of reading them: what handing them over costs. */
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { fsReaders } from '../lib/readers.mjs';
import { native, tool } from '../lib/tools.mjs';
import { readIn, ways } from '../lib/ways.mjs';

const SIZE = 256 * 1024;

const patternReader = {
  name: 'slipring pattern',
  role: 'slipring',
  library: 'slipring',
  open: ({ library, size }) => library.createPatternStream({ length: size }),
};

class NullSink extends Writable {
  [Symbol.for('slipring.consumesOnWrite')] = true;
  bytes = 0;

  _write(chunk, encoding, callback) {
    this.bytes += chunk.length;
    callback();
  }
}

const piped = {
  ...patternReader,
  name: 'slipring pattern, pipe',
  run: async (context) => {
    const sink = new NullSink();
    await pipeline(patternReader.open(context), sink);
    return { bytes: sink.bytes };
  },
};

/** The same bytes, seed 0, made by JavaScript: what one would do without a native thread. */
class JavaScriptPattern extends Readable {
  #next = 0;
  #left;

  constructor(length) {
    super({ highWaterMark: SIZE });
    this.#left = length;
  }

  _read() {
    if (this.#left === 0) return void this.push(null);
    const words = new Uint32Array(Buffer.allocUnsafeSlow(SIZE).buffer);
    for (let i = 0; i < words.length; i++) {
      const word = this.#next++;
      const x = (Math.imul(word, 0x9e3779b1) + Math.imul(Math.floor(word / 2 ** 32), 0x85ebca6b)) >>> 0;
      words[i] = x ^ (x >>> 16);
    }
    const length = Math.min(SIZE, this.#left);
    this.#left -= length;
    this.push(Buffer.from(words.buffer, 0, length));
  }
}

const inJavaScript = {
  name: 'the pattern in JavaScript, data',
  role: 'other',
  run: ({ size }) => ways.data(new JavaScriptPattern(size)),
};

/** Not the same bytes, but the closest that fs has: the kernel makes them. */
function ofZeros(reader) {
  const open = (context) => reader.open({ ...context, input: '/dev/zero', end: context.size - 1 });
  return { ...readIn('data', { ...reader, open }), name: `${reader.name}, /dev/zero`, group: '' };
}

export default {
  name: 'pattern',
  title: 'pattern → null',
  columns: ['gbPerSecond', 'cpuPerGb', 'peakRss'],
  noInput: true,
  contenders: () => [
    ...fsReaders().map(ofZeros),
    inJavaScript,
    ...Object.keys(ways).map((way) => readIn(way, patternReader, '')),
    piped,
    native('C, the pattern', 'pattern', ({ size }) => [size, SIZE]),
    tool('dd bs=256k, /dev/zero', 'dd', ({ size }) => [
      'if=/dev/zero',
      'of=/dev/null',
      'bs=262144',
      `count=${Math.ceil(size / SIZE)}`,
      'status=none',
    ]),
  ],
};

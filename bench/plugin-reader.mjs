/** Reads one stream of a plugin's, in a process of its own: see plugins.mjs. */
import { createPatternStream, createPluginStream } from 'slipring';

const COMMIT = 64;

const jobs = {
  /** How fast so many bytes come. */
  async pull(library, bytes, slotSize) {
    const length = Number(bytes);
    const options = { slotSize: Number(slotSize) };
    const stream =
      library === 'built-in'
        ? createPatternStream({ length, ...options })
        : createPluginStream(library, { config: length, ...options });
    let received = 0;
    const began = performance.now();
    for await (const { data } of stream.slots()) received += data.length;
    const milliseconds = performance.now() - began;
    if (received !== length) throw new Error(`${received} of ${length} bytes came`);
    return { gigabytesPerSecond: received / milliseconds / 1e6 };
  },

  /** How many pieces a thread pushes in a second, and whether each is at its place or counted as lost. */
  async push(library, count, rate) {
    const stream = createPluginStream(library, { config: { count: Number(count), rate: Number(rate) } });
    let next = 0;
    let missing = 0;
    stream.on('gap', ({ droppedChunks }) => (next += droppedChunks));
    const said = await (async () => {
      try {
        for await (const { data } of stream.slots()) {
          const words = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
          for (let i = 0; i < words.length; i += COMMIT / 4) if (words[i] !== next++) missing++;
        }
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    if (said?.code !== 'EBUSY') throw said ?? new Error('it has not said how it went');
    const [, failed, ns] = /(\d+) (\d+)$/.exec(said.message).map(Number);
    const { droppedChunks, bytesDelivered } = stream.stats();
    if (bytesDelivered / COMMIT + droppedChunks !== Number(count)) throw new Error('the sum is wrong');
    return { commitsPerSecond: (Number(count) / ns) * 1e9, failed, counted: droppedChunks, missing };
  },
};

const [, , job, ...args] = process.argv;
const result = await jobs[job](...args);
const { user, system } = process.cpuUsage();
process.send({ ...result, cpuSeconds: (user + system) / 1e6 });

/** Ways that only look at the bytes. */
import { once } from 'node:events';

export const look = {
  data: (stream, count) => {
    stream.on('data', (chunk) => count(chunk.length));
    return once(stream, 'end');
  },

  'for await': async (stream, count) => {
    for await (const chunk of stream) count(chunk.length);
  },

  'read()': (stream, count) => {
    stream.on('readable', () => {
      for (let chunk; (chunk = stream.read()) !== null;) count(chunk.length);
    });
    return once(stream, 'end');
  },
};

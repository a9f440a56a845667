/** Ways to lines of text. The input is of ASCII: a line of n characters has n + 1 bytes. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { parse } from 'csv-parse';
import split2 from 'split2';

function split(stream, count) {
  let rest = '';
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) count(line.length + 1);
  });
  return once(stream, 'end');
}

export const text = {
  'setEncoding + split': (stream, count) => split(stream.setEncoding('utf8'), count),

  'encoding + split': { options: { encoding: 'utf8' }, run: split },

  'readline, for await': async (stream, count) => {
    for await (const line of createInterface({ input: stream })) count(line.length + 1);
  },

  'readline, line': (stream, count) =>
    once(
      createInterface({ input: stream }).on('line', (line) => count(line.length + 1)),
      'close',
    ),

  split2: (stream, count) =>
    once(
      stream.pipe(split2()).on('data', (line) => count(line.length + 1)),
      'end',
    ),

  'csv-parse': {
    share: 1 / 8,
    run: (stream, count) => {
      const rows = stream.pipe(parse());
      rows.on('data', (fields) => count(fields.reduce((bytes, field) => bytes + field.length + 1, 0)));
      return once(rows, 'end');
    },
  },
};

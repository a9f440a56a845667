/** Ways to read a source. Each returns how many bytes it has read. */
import fs from 'node:fs';

import { createReadStream } from '../../sources/file';
import { openSource, type SourceOptions } from '../sources';

export interface Way {
  name: string;
  /** At least `most` bytes, if there are so many. */
  read(most: number): Promise<number>;
}

/** Leaving the loop closes what it reads. */
async function bytesOf(
  chunks: AsyncIterable<unknown>,
  sizeOf: (chunk: never) => number,
  most: number,
): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += sizeOf(chunk as never);
    if (bytes >= most) break;
  }
  return bytes;
}

const length = (chunk: Buffer): number => chunk.length;
const lentLength = ({ data }: { data: Buffer }): number => data.length;

export function waysToFile(path: string, options: SourceOptions): Way[] {
  return [
    { name: 'slipring, slots()', read: (most) => bytesOf(createReadStream(path, options).slots(), lentLength, most) },
    { name: 'slipring, chunks', read: (most) => bytesOf(createReadStream(path, options), length, most) },
    { name: 'node:fs, chunks', read: (most) => bytesOf(fs.createReadStream(path), length, most) },
    {
      name: 'node:fs, chunks of 1 MiB',
      read: (most) => bytesOf(fs.createReadStream(path, { highWaterMark: 2 ** 20 }), length, most),
    },
  ];
}

/** Of what `node:fs` has no name for. */
export function waysToSource(name: string, options: SourceOptions): Way[] {
  return [
    {
      name: 'slipring, slots()',
      read: async (most) => bytesOf((await openSource(name, options)).stream.slots(), lentLength, most),
    },
  ];
}

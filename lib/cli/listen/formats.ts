/** What a datagram is in a file. */
import type { DatagramBatch } from '../../records';

/** What was made of a batch, and where each datagram of it ends. */
export interface Encoded {
  data: Buffer;
  ends: number[];
}

/** Of the first `count` datagrams. */
export type Encode = (batch: DatagramBatch, count: number) => Encoded;

const NEWLINE = 10;

/** The bytes, one after the other: they lie so in the batch. */
export const raw: Encode = (batch, count) => {
  const ends = Array.from({ length: count }, (_, i) => batch.offset(i) + batch.size(i));
  return { data: batch.data.subarray(0, ends.at(-1) ?? 0), ends };
};

/** One a line. A newline that it ends with is that of its line. */
export const lines: Encode = (batch, count) => {
  const data = Buffer.allocUnsafe(batch.data.length + count);
  const ends: number[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const begin = batch.offset(i);
    at += batch.data.copy(data, at, begin, begin + batch.size(i));
    if (batch.size(i) === 0 || data[at - 1] !== NEWLINE) data[at++] = NEWLINE;
    ends.push(at);
  }
  return { data: data.subarray(0, at), ends };
};

const MS = 1_000_000n;

/** As RFC 3339 has it, with nanoseconds. */
function timeOf(timestamp: bigint): string {
  const fraction = String(timestamp % MS).padStart(6, '0');
  return new Date(Number(timestamp / MS)).toISOString().replace('Z', `${fraction}Z`);
}

/** An object each, with the bytes in base64. */
export const jsonl: Encode = (batch, count) => {
  const ends: number[] = [];
  let length = 0;
  const parts: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const datagram = batch.at(i);
    if (!datagram) break;
    const { data, remoteAddress: address, remotePort: port, timestamp, truncated } = datagram;
    const object = {
      time: timeOf(timestamp),
      address,
      port,
      ...(truncated && { truncated }),
      data: data.toString('base64'),
    };
    const line = Buffer.from(`${JSON.stringify(object)}\n`);
    parts.push(line);
    ends.push((length += line.length));
  }
  return { data: Buffer.concat(parts), ends };
};

/** Bytes that Node makes text of in push(): they need not be given away. */
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

import type { KeptSlot } from '../ring';

/** Taken now: an application may put others there. */
const push: unknown = Reflect.get(Readable.prototype, 'push');
const write: unknown = Reflect.get(StringDecoder.prototype, 'write');

/**
 * Whether push() makes text of bytes before it returns, and keeps none of them. Who pushes in its place might, and so might a decoder
 * that a library has put into the stream, of which only its state knows.
 */
export function decodes(stream: Readable): boolean {
  if (stream.readableEncoding === null || stream.push !== push) return false;
  const { decoder } = Reflect.get(stream, '_readableState') as { decoder?: { write?: unknown } | null };
  return decoder?.write === write;
}

/** Pushes what the slot holds, and puts it back. As push(), it returns whether there may be more. */
export function pushText(stream: Readable, slot: KeptSlot): boolean {
  try {
    return stream.push(slot.data);
  } finally {
    slot.release();
  }
}

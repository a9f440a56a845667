/** Ways to read a web stream to its end. */
import type { PatternReader } from '../../helpers/pattern';

type Bytes = ReadableStream<Uint8Array>;

/** Reads chunks as they come, and returns how many there were. */
export async function readChunks(web: Bytes, reader: PatternReader): Promise<number> {
  let count = 0;
  for await (const chunk of web) {
    reader.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    count++;
  }
  return count;
}

/** Has one view of `length` elements filled again and again, and returns how often. */
export async function fillViews<View extends Uint8Array | Uint16Array | DataView>(
  web: Bytes,
  reader: PatternReader,
  first: View,
  again: (buffer: ArrayBuffer) => View,
  options?: { min: number },
): Promise<number> {
  const byob = web.getReader({ mode: 'byob' });
  let view = first;
  for (let count = 0; ; count++) {
    const { done, value } = await byob.read(view, options);
    if (value) reader.take(Buffer.from(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength));
    if (done) return count;
    view = again(value.buffer as ArrayBuffer);
  }
}

/** The same with bytes. */
export function fillBytes(web: Bytes, reader: PatternReader, length: number, min?: number): Promise<number> {
  const again = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer);
  return fillViews(web, reader, new Uint8Array(length), again, min === undefined ? undefined : { min });
}

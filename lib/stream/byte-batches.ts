/** What `node:stream/iter` reads from a stream: the bytes of all that is ready at a time. */
import type { ChunkReader } from './chunk-reader';
import type { DirectReader } from './direct-reader';

/** As many chunks as Node's own streams put into a batch at most. */
const MAX_BATCH = 128;

export function byteBatches(reader: DirectReader, chunks: ChunkReader): AsyncGenerator<Uint8Array[], void, undefined> {
  let left = false;
  async function* loop(): AsyncGenerator<Uint8Array[], void, undefined> {
    try {
      while (!left) {
        const batch = nextBatch(chunks);
        if (batch.length > 0) yield batch;
        else if (reader.over) return;
        else await reader.woken();
      }
    } finally {
      chunks.close();
      reader.left();
    }
  }
  const batches = loop();
  const end = batches.return.bind(batches);
  const fail = batches.throw.bind(batches);
  // As with Node's own, who leaves need not have begun, and does not wait for the next batch.
  const leave = (): void => {
    left = true;
    reader.left();
  };
  batches.return = (value) => {
    leave();
    return end(value);
  };
  batches.throw = (error) => {
    leave();
    return fail(error);
  };
  return batches;
}

function nextBatch(chunks: ChunkReader): Uint8Array[] {
  const batch: Uint8Array[] = [];
  const most = Math.min(chunks.perRing, MAX_BATCH);
  while (batch.length < most) {
    const chunk = chunks.next(batch.length > 0);
    if (chunk === undefined) break;
    // Never a string: a stream with an encoding is read by other means.
    if (typeof chunk === 'object') batch.push('data' in chunk ? chunk.data : chunk);
  }
  return batch;
}

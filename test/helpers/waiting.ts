/** Waiting for things to happen, never for time to pass. */
import type { Readable } from 'node:stream';
import type { ProducerStream } from 'slipring';

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets the event loop turn until the condition holds; mocha's time limit ends what never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** The stream's `'close'`, whether or not it comes with an error. */
export function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    stream.on('error', () => undefined);
    stream.once('close', resolve);
  });
}

/** Every slot is full, the background thread sleeps, and what it had to tell has been heard. */
export async function parked(stream: ProducerStream): Promise<void> {
  await until(() => stream.stats().producerWaits > 0);
  await turn();
}

/** Everything the stream has to give, as one Buffer. */
export async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

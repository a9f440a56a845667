import { observed } from '../observe';
import type { ProducerStream } from './producer-stream';

/**
 * The streams of this thread that are open, in the order in which they were made, as a new array. A stream is among them from when it was
 * made until its background thread is gone: it was destroyed, or its end or its error was handed on. The list keeps none of them alive
 * beyond that.
 */
export function liveStreams(): ProducerStream[] {
  return observed().map(({ stream }) => stream as ProducerStream);
}

/** The states that a file stream can be in, and how it gets there. */
import { once } from 'node:events';
import type { ReadStream } from 'node:fs';

import type { Create } from './twins';
import { closed, turn } from './waiting';

export interface State {
  /** Which file: one that is there, or not. */
  missing?: boolean;
  options?: object;
  /** From creation to the state. Without it, the state is the one after creation, in the same tick. */
  enter?: (stream: ReadStream) => Promise<unknown>;
  /** There may be data, or not yet: that depends on the speed of threads. */
  mayHaveData?: boolean;
  /** Nothing is open yet. Destroyed now, our stream does not open the file; Node's may, and announces it. */
  beforeOpen?: boolean;
}

export const states: Record<string, State> = {
  'just created': { beforeOpen: true },
  opening: { enter: () => new Promise<void>((resolve) => process.nextTick(resolve)), beforeOpen: true },
  'open and unread': { enter: (stream) => once(stream, 'ready'), mayHaveData: true },
  flowing: { enter: (stream) => once(stream, 'data'), mayHaveData: true },
  'paused in the middle': {
    enter: (stream) => new Promise<void>((resolve) => stream.once('data', () => resolve(void stream.pause()))),
    mayHaveData: true,
  },
  'ended, with the file left open': {
    options: { autoClose: false },
    enter: (stream) => once(stream.resume(), 'end'),
  },
  ended: { enter: (stream) => once(stream.resume(), 'end') },
  closed: { enter: (stream) => closed(stream.resume()) },
  'being destroyed': {
    async enter(stream) {
      await once(stream, 'ready');
      stream.destroy();
    },
  },
  'destroyed in the middle': {
    async enter(stream) {
      await once(stream, 'data');
      await closed(stream.destroy());
    },
  },
  'destroyed with an error': {
    async enter(stream) {
      await once(stream, 'ready');
      await closed(stream.destroy(new Error('on purpose')));
    },
  },
  failed: { missing: true, enter: (stream) => closed(stream) },
};

/** Creates a stream, takes it to the state, and calls `then` at that moment; `onCreated` at the stream's beginning. */
export async function inState(
  { missing = false, options, enter, beforeOpen = false }: State,
  create: Create,
  path: string,
  onCreated: (stream: ReadStream) => void,
  then: (stream: ReadStream) => void,
): Promise<ReadStream> {
  const stream = create(missing ? `${path}-missing` : path, { highWaterMark: 1000, ...options });
  onCreated(stream);
  // Not awaited when there is nothing to wait for: the tick would be over.
  if (enter) await enter(stream);
  then(stream);
  // How long opening takes is nobody's promise.
  if (beforeOpen && !stream.destroyed) await once(stream, 'ready');
  await turn();
  return stream;
}

/** Nowhere. */
import type { Sink } from './sink';

const done = Promise.resolve();

export const nullSink: Sink = { name: 'null:', write: () => done, end: () => done, reopen: () => done };

import { createPluginStream } from 'slipring';

const library = new URL('build/my-source.so', import.meta.url);

/**
 * A Readable of lines, one every `interval` milliseconds: "tick 1", "tick 2" and so on. It ends after `count` of them, and
 * never when that is 0. All other options are those of slipring's streams, such as `signal`, `slots` or `overflow`.
 */
export function createMySourceStream({ interval = 1000, count = 0, ...options } = {}) {
  return createPluginStream(library, { ...options, config: [interval, count] });
}

/**
 * All ways to read a stream. A way is a function (stream, count, context), which calls `count` with numbers of bytes as they
 * come through and returns when all have; or an object with it as `run`, and what is particular:
 *
 *   options    what the stream is opened with
 *   openNode   (path) => what stands in the place of Node's stream, when Node has something better
 *   prepare    (context) => what is to be in `context`, before the clock starts
 *   share      how much of the size it works on, when not all
 *   flags      what Node needs on its command line
 *   program    of bench/native, which does the same with a buffer of each of `sizes`
 */
import { look } from './look.mjs';
import { operators } from './operators.mjs';
import { sinks } from './sinks.mjs';
import { text } from './text.mjs';
import { web } from './web.mjs';

const all = { ...text, ...look, ...web, ...operators, ...sinks };

export const ways = new Map(
  Object.entries(all).map(([name, way]) => [name, { name, ...(typeof way === 'function' ? { run: way } : way) }]),
);

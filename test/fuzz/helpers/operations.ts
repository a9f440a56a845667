/** What is done to a stream: every method that it has, rightly and wrongly. What takes its time goes on beside the rest. */
import { pipeline } from 'node:stream';
import { inspect } from 'node:util';

import { values } from '../../helpers/values';
import { loops } from './loops';
import { destination } from './destinations';
import { OnPurpose } from './errors';
import { stop, wait, type Operation } from './stage';
import { ending, looking } from './upkeep';
import type { Watched } from './watched';

function listen({ stream }: Watched, event: string, listener: (value: unknown) => void): void {
  stream.on(event, listener);
}

function read(watched: Watched, size: number | undefined): unknown {
  const { stream, options } = watched;
  // What waits for as many bytes is joined then, with whatever is missing in the middle.
  watched.isTamperedWith ||= options.mayDrop && size !== undefined;
  // Not so many characters: read(n) of several strings is broken in Node (it compares n with the number of them).
  return stream.read(stream.readableEncoding === null ? size : undefined);
}

const reading: Record<string, Operation> = {
  data(watched, random) {
    const reader = watched.reader();
    const what = random.below(8);
    const at = random.below(5);
    let count = 0;
    listen(watched, 'data', (chunk) => {
      reader.take(chunk);
      if (count++ !== at) return;
      if (what === 0) watched.stream.pause();
      if (what === 1) stop(watched);
      if (what === 2) throw new OnPurpose("a 'data' listener");
    });
    watched.stream.on('end', () => reader.end());
    return `on 'data', ${['pauses', 'destroys', 'throws'][what] ?? 'reads'}`;
  },
  readable(watched, random) {
    const reader = watched.reader();
    const size = random.oneIn(3) ? 1 + random.below(5000) : undefined;
    watched.stream.on('readable', () => {
      for (let chunk: unknown; (chunk = read(watched, size)) !== null;) reader.take(chunk);
    });
    watched.stream.on('end', () => reader.end());
    return `on 'readable', read(${size ?? ''})`;
  },
  read(watched, random) {
    const size = random.of([undefined, 0, 1, 10, 5000, -1, NaN, 2 ** 30, 2 ** 31, 'x', null]);
    // At the end, bytes come that are fewer than were asked for.
    const chunk = read(watched, size as number);
    watched.hasHoles ||= chunk !== null;
    if (chunk !== null) watched.reader().take(chunk);
    return `read(${String(size)})`;
  },
  resume(watched) {
    watched.hasHoles = true;
    watched.stream.resume();
    return 'resume';
  },
  pause({ stream }) {
    stream.pause();
    return 'pause';
  },
  removeListeners(watched, random) {
    watched.hasHoles = true;
    const event = random.of(['data', 'readable']);
    watched.stream.removeAllListeners(event);
    return `removeAllListeners ${event}`;
  },
  setEncoding(watched, random) {
    // What was read before as something else is not known any more.
    watched.isTamperedWith = true;
    const [name, value] = random.of([
      ...Object.entries(values),
      ...['hex', 'utf8', 'utf16le'].map((known) => [known, known] as const),
    ]);
    watched.stream.setEncoding(value as BufferEncoding);
    return `setEncoding ${name}`;
  },
  misuse(watched, random) {
    watched.isTamperedWith = true;
    const value = random.of([Buffer.from('pushed'), null, 'text', 5, {}, undefined]);
    const method = random.of(['push', 'unshift'] as const);
    watched.stream[method](value);
    return `${method}(${inspect(value)})`;
  },
};

const piping: Record<string, Operation> = {
  pipe(watched, random, { sinks }) {
    const [name, sink] = destination(watched, random);
    sinks.push(sink);
    watched.stream.pipe(sink, random.of([undefined, { end: true }, { end: false }]));
    return `pipe to ${name}`;
  },
  pipeline(watched, random, stage) {
    const [name, sink] = destination(watched, random);
    stage.sinks.push(sink);
    wait(stage, `pipeline to ${name}`, watched, (done) => pipeline(watched.stream, sink, done));
    return `pipeline to ${name}`;
  },
  unpipe(watched, random, { sinks }) {
    watched.hasHoles = true;
    watched.stream.unpipe(random.oneIn(2) && sinks.length > 0 ? random.of(sinks) : undefined);
    return 'unpipe';
  },
};

/** `destroy` and the like end a story: the others come more often. */
const all = { ...reading, ...piping, ...looking };
type Named = [name: string, operation: Operation];

export const operations: Named[] = [
  ...Object.entries(all),
  ...Object.entries(all),
  ...Object.entries(loops),
  ...Object.entries(ending),
];

/** What most programs do, and nothing before: whoever comes first misses nothing. */
const { pipe, pipeline: pipelined } = piping;
export const firstUses = Object.entries({
  ...loops,
  pipe,
  pipelined,
  data: reading.data,
  readable: reading.readable,
}) as Named[];

/** Opens whatever bytes can go to. */
import { Failure } from '../failure';
import { DescriptorSink } from './descriptor';
import { AllFailed, Tee, unwritable } from './tee';
import type { Sink } from './sink';

export { AllFailed, DescriptorSink, type Sink, Tee, unwritable };
export type { Codec } from './codec';

type Open = (name: string, rest: string) => Promise<Sink>;

const socket = (): typeof import('./socket') => require('./socket') as typeof import('./socket');

/** Only what is used is loaded. */
const SCHEMES: Record<string, () => Open> = {
  null: () => () => Promise.resolve((require('./null') as typeof import('./null')).nullSink),
  tcp: () => socket().openTcp,
  unix: () => socket().openUnix,
  exec: () => (require('./exec') as typeof import('./exec')).openExec,
};

/** The scheme is empty for what is a file. */
function partsOf(text: string): [scheme: string, rest: string] {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  return Object.hasOwn(SCHEMES, scheme) ? [scheme, rest] : ['', text];
}

/** Whether it is the path of a file. */
export function isFile(text: string): boolean {
  return text !== '-' && partsOf(text)[0] === '';
}

const STANDARD_OUTPUT = 1;

function open(text: string, isSource: (dev: number, ino: number) => boolean): Promise<Sink> {
  if (text === '-') {
    return Promise.resolve(new DescriptorSink('the standard output', STANDARD_OUTPUT));
  }
  const [scheme, rest] = partsOf(text);
  const known = SCHEMES[scheme];
  if (known) return known()(text, rest);
  return (require('./file') as typeof import('./file')).openFileSink(text, isSource);
}

/**
 * `isSource`: whether a file is what is read.
 * @throws Failure when it cannot be written, or makes no sense
 */
export async function openSink(text: string, isSource: (dev: number, ino: number) => boolean): Promise<Sink> {
  try {
    return await open(text, isSource);
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(text, error);
  }
}

/** Every byte that goes to the sink is compressed. */
export function compressed(sink: Sink, name: 'gzip' | 'zstd'): Sink {
  const { codecOf, CompressedSink } = require('./codec') as typeof import('./codec');
  return new CompressedSink(sink, codecOf(name));
}

/** Opens whatever bytes can go to. */
import { fstatSync } from 'node:fs';

import { Failure } from '../failure';
import type { Codec } from './codec';
import { DescriptorSink } from './descriptor';
import type { Refuse } from './file';
import { AllFailed, Tee, unwritable } from './tee';
import type { Sink } from './sink';

export { AllFailed, DescriptorSink, type Refuse, type Sink, Tee, unwritable };

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

/** Whether it is the file that the standard output goes to. */
export function isStandardOutput(file: { dev: number; ino: number } | undefined): boolean {
  if (file === undefined) return false;
  const { dev, ino } = fstatSync(STANDARD_OUTPUT);
  return dev === file.dev && ino === file.ino;
}

function open(text: string, refuse: Refuse): Promise<Sink> {
  if (text === '-') {
    return Promise.resolve(new DescriptorSink('the standard output', STANDARD_OUTPUT));
  }
  const [scheme, rest] = partsOf(text);
  const known = SCHEMES[scheme];
  if (known) return known()(text, rest);
  return (require('./file') as typeof import('./file')).openFileSink(text, refuse);
}

/**
 * `refuse`: says of a file why it cannot be one.
 * @throws Failure when it cannot be written, or makes no sense
 */
export async function openSink(text: string, refuse: Refuse): Promise<Sink> {
  try {
    return await open(text, refuse);
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(text, error);
  }
}

/** @returns what makes a sink of another: every byte is compressed on its way @throws Failure where this Node cannot */
export function compressing(name: 'gzip' | 'zstd'): (sink: Sink) => Sink {
  const { codecOf, CompressedSink } = require('./codec') as typeof import('./codec');
  const codec: Codec = codecOf(name);
  return (sink) => new CompressedSink(sink, codec);
}

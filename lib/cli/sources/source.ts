/** A source that was opened. */
import { once } from 'node:events';

import { Failure, reasonOf } from '../failure';
import type { Overflow } from '../../options';
import type { Position } from '../../ring';
import type { RecordFormat } from '../../records';
import type { ProducerStream } from '../../stream';

export interface Source {
  /** As it was given. */
  name: string;
  stream: ProducerStream;
  /** How many bytes there will be; undefined when nobody knows. */
  total?: number | undefined;
  /** A regular file is this one, whatever its name. */
  file?: { dev: number; ino: number } | undefined;
}

/** Those of every source, as the `create…Stream()` take them. */
export interface SourceOptions {
  slots?: number;
  slotSize?: number;
  overflow?: Overflow;
  records?: RecordFormat;
  /** Of a file: where to go on. */
  resume?: Position | undefined;
}

/** What fails later is told by who reads the stream. `event`: that which says that it is open. */
export async function opened(source: Source, event: 'ready' | 'listening'): Promise<Source> {
  source.stream.on('error', () => undefined);
  try {
    await once(source.stream, event);
  } catch (error) {
    throw unreadable(source.name, error);
  }
  return source;
}

export function unreadable(name: string, error: unknown): Failure {
  return new Failure(`cannot read ${name}: ${reasonOf(error)}.`);
}

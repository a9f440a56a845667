/** The web streams of both: toWeb() on ours, Readable.toWeb() on Node's, of the same file. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { createReadStream } from 'slipring';

import { describeError } from '../../helpers/twins';

/** Node's own told little of streams that were over before, until then. */
export const nodeTellsAll = Number(process.versions.node.split('.')[0]) >= 24;

export interface Twin {
  create: (path: string, options?: { autoClose?: boolean; signal?: AbortSignal }) => fs.ReadStream;
  toWeb: (stream: fs.ReadStream) => ReadableStream<Uint8Array>;
}

const ours: Twin = {
  create: (path, options) => createReadStream(path, options) as unknown as fs.ReadStream,
  toWeb: (stream) => (stream as unknown as ReturnType<typeof createReadStream>).toWeb(),
};

const nodes: Twin = {
  create: (path, options) => fs.createReadStream(path, options),
  toWeb: (stream) => Readable.toWeb(stream) as ReadableStream<Uint8Array>,
};

/** Runs the scenario with both; what it returns must be the same. Returns that. */
export async function assertSameWeb<T>(scenario: (twin: Twin) => Promise<T>): Promise<T> {
  const expected = await scenario(nodes);
  assert.deepEqual(await scenario(ours), expected);
  return expected;
}

/** How a promise ends. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    const value = await promise;
    return value instanceof Uint8Array ? 'bytes' : value;
  } catch (error) {
    const { cause } = error as Error;
    return { ...describeError(error), cause: cause === undefined ? undefined : describeError(cause) };
  }
}

/** The end, the error and the close of a stream, as they come; `closed` waits for the last. */
export function watch(stream: fs.ReadStream): { events: unknown[]; closed: Promise<void> } {
  const events: unknown[] = [];
  stream.on('end', () => events.push('end'));
  stream.on('error', (error: unknown) => events.push(error instanceof Error ? describeError(error) : error));
  const closed = new Promise<void>((resolve) => stream.on('close', () => resolve(void events.push('close'))));
  return { events, closed };
}

/** `createReadStream` is to be a drop-in: a scenario must leave the same traces with Node's function and with ours. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { createReadStream } from 'slipring';

/** Either of the two functions. Options are checked at run time: that is tested, too. */
export type Create = (path: unknown, options?: unknown) => fs.ReadStream;

export const ours = createReadStream as unknown as Create;
export const nodes = fs.createReadStream as unknown as Create;

/** Runs the scenario with both functions; what it returns must be the same. Returns that. */
export async function assertSameAsNode<T>(scenario: (create: Create) => Promise<T> | T): Promise<T> {
  const expected = await scenario(nodes);
  const actual = await scenario(ours);
  assert.deepEqual(actual, expected);
  return actual;
}

/** What programs look at when they handle an error. */
export function describeError(error: unknown): Record<string, unknown> {
  const { name, code, errno, syscall, path } = error as NodeJS.ErrnoException;
  return { name, code, errno, syscall, path, isError: error instanceof Error };
}

/** What `call` throws, as `describeError()` shows it, or 'nothing'. */
export function describeThrow(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return describeError(error);
  }
  return 'nothing';
}

/** The properties of a read stream that have to agree at every moment. */
export function describeStream(stream: fs.ReadStream): Record<string, unknown> {
  const { fd, pending } = stream as fs.ReadStream & { fd: unknown };
  return {
    // When exactly a descriptor is closed is nobody's promise: at 'close', it is.
    ...((!stream.destroyed || stream.closed) && { fd: typeof fd, pending }),
    destroyed: stream.destroyed,
    closed: stream.closed,
    errored: stream.errored && describeError(stream.errored).code,
    readable: stream.readable,
    readableEnded: stream.readableEnded,
    readableAborted: stream.readableAborted,
    readableFlowing: stream.readableFlowing,
    readableDidRead: stream.readableDidRead,
  };
}

const EVENTS = ['open', 'ready', 'pause', 'resume', 'end', 'error', 'close'];

/**
 * Records the events of a stream without listening to them, which would change what the stream does; errors excepted.
 * Data shows as one entry, whatever its chunks: how it is cut is the business of other tests.
 */
export function record(stream: fs.ReadStream): unknown[] {
  const log: unknown[] = [];
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...values: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    const value = values[0];
    if (event === 'data' && log.at(-1) !== 'data') log.push('data');
    if (EVENTS.includes(String(event))) {
      const detail = event === 'error' ? describeError(value) : typeof value;
      log.push({ event, detail, ...describeStream(stream) });
    }
    return emit(event, ...values);
  };
  stream.on('error', () => undefined);
  return log;
}

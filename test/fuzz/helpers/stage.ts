/** What the operations of a sequence share: what they wait for, and where they pipe to. */
import type { Writable } from 'node:stream';

import type { Random } from './random';
import type { Watched } from './watched';

export interface Stage {
  /** What is to be over soon after its stream is closed, by name. */
  pending: Map<string, { settled: Promise<unknown>; isDue: () => boolean }>;
  sinks: Writable[];
}

/** Says in words what it does, or returns undefined where that makes no sense. */
export type Operation = (watched: Watched, random: Random, stage: Stage) => string | undefined;

/**
 * `promise` has to be settled soon after the stream is closed, with an error that may be. What Node itself waits for, it
 * learns of from events: it waits for ever where 'close' is not emitted, and for some streams that were destroyed before or
 * that somebody pushed an end into. `isOurs` says that we do the waiting.
 */
export function follow(
  { pending }: Stage,
  what: string,
  watched: Watched,
  promise: Promise<unknown>,
  isOurs = false,
): void {
  const name = `${what}, stream ${watched.number} (${watched.origin.name}), ${pending.size}`;
  const mayBeMissed = !watched.options.emitClose || watched.stream.destroyed;
  const settled = promise.catch((error: unknown) => watched.failed(what, error)).finally(() => pending.delete(name));
  pending.set(name, { settled, isDue: () => isOurs || !(mayBeMissed || watched.isTamperedWith) });
}

/** As `follow`, for what calls back. */
export function wait(
  stage: Stage,
  what: string,
  watched: Watched,
  call: (done: (error?: unknown) => void) => unknown,
): void {
  const called = new Promise<unknown>((resolve) => call(resolve));
  const checked = called.then((error) => {
    if (error) watched.failed(what, error);
  });
  follow(stage, what, watched, checked);
}

/** Destroys the stream: what it reads need not come to its end any more. */
export function stop(watched: Watched, error?: unknown): void {
  watched.wasStopped = true;
  watched.given.add(error);
  watched.stream.destroy(error as Error);
}

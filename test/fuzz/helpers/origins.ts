/** What a stream reads from, and what happens at its other end. */
import { isMainThread } from 'node:worker_threads';
import type { ProducerStream } from 'slipring';

import type { Options } from './arguments';
import type { Content } from './content';
import type { Place } from './place';
import type { Random } from './random';

export interface Origin {
  /** In words. */
  name: string;
  /** Options that it needs, all of them right. */
  options: Options;
  /** Whether `overflow` may be anything. */
  live: boolean;
  /** Whether its bytes are text. */
  text: boolean;
  /** It does not end by itself, and comes as fast as it can. */
  endless: boolean;
  content: Content;
  /** Even with right options it may be refused. */
  mayThrow?: boolean;
  create: (options: unknown) => ProducerStream;
  /** Something happens at the other end; returns what. */
  poke?: (random: Random) => string;
  /** `taken`: the stream was made, and closes the descriptor that it was given. */
  close: (taken: boolean) => unknown;
}

export type MakeOrigin = (place: Place, random: Random) => Origin | undefined | Promise<Origin | undefined>;

/** Elsewhere nothing is closed by fs.close(): what that is under way with when a worker is terminated, Node leaves open. */
export const mayUseClose = isMainThread;

/** What most have in common. */
export const ORDINARY = { options: {}, live: false, text: false, endless: false, close: (): void => undefined };

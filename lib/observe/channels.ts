/** The channels of `node:diagnostics_channel` on which streams tell of themselves: what rarely happens, never one chunk. */
import { channel, type Channel } from 'node:diagnostics_channel';

import type { Gap, Rotation, Stats } from '../ring';

/** What {@link GapMessage} says besides. */
export interface GapFacts {
  /** As the `'gap'` event has it. */
  readonly gap: Gap;
}

/** What {@link StallMessage} says besides. */
export interface StallFacts {
  /** For how many milliseconds the consumer has taken nothing so far: 1000 at least. */
  readonly duration: number;
  /**
   * The stream's counters. `slotsReady` are the slots that the consumer does not ask for, `slotsLent` those that it has and does not
   * release.
   */
  readonly stats: Stats;
}

/** What {@link RotateMessage} says besides. */
export interface RotateFacts {
  /** As the `'rotate'` event has it. */
  readonly rotation: Rotation;
}

/** What {@link ErrorMessage} says besides. */
export interface ErrorFacts {
  /** As the `'error'` event has it. */
  readonly error: Error;
}

/** What {@link CloseMessage} says besides. */
export interface CloseFacts {
  /** What the stream failed with; undefined when it did not. */
  readonly error: Error | undefined;
  /** Whether its source was ever open, and `slipring:stream:open` came, if anybody had subscribed to that by then. */
  readonly opened: boolean;
}

/** What each channel says of a stream. */
export interface Facts {
  open: object;
  gap: GapFacts;
  stall: StallFacts;
  rotate: RotateFacts;
  error: ErrorFacts;
  close: CloseFacts;
}

export const channels: Readonly<Record<keyof Facts, Channel>> = {
  open: channel('slipring:stream:open'),
  gap: channel('slipring:stream:gap'),
  stall: channel('slipring:stream:stall'),
  rotate: channel('slipring:stream:rotate'),
  error: channel('slipring:stream:error'),
  close: channel('slipring:stream:close'),
};

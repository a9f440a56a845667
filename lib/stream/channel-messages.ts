/** The messages on the channels of `node:diagnostics_channel`. */
import type { CloseFacts, ErrorFacts, GapFacts, RotateFacts, StallFacts } from '../observe';
import type { ProducerStream } from './producer-stream';

/** What every message says. It is a plain object, one for all subscribers. */
export interface StreamMessage {
  /** The stream itself: one of the subclasses of `ProducerStream`. */
  readonly stream: ProducerStream;
  /** What fills it. `'follow'` is a file with `follow: true`. */
  readonly source: 'file' | 'follow' | 'device' | 'udp' | 'pattern' | 'plugin';
}

/** On `slipring:stream:open`: its source was opened. Right after the stream's own `'open'`, `'ready'` or `'listening'`. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it says what every message does
export interface OpenMessage extends StreamMessage {}

/** On `slipring:stream:gap`: something is missing. Right before the `'gap'` event. */
export interface GapMessage extends StreamMessage, GapFacts {}

/**
 * On `slipring:stream:stall`: the ring is full, and its consumer has taken nothing for a second. Once for each stall; it is over when
 * something is taken.
 */
export interface StallMessage extends StreamMessage, StallFacts {}

/** On `slipring:stream:rotate`: what comes next is of another file. Right before the `'rotate'` event. */
export interface RotateMessage extends StreamMessage, RotateFacts {}

/** On `slipring:stream:error`: the stream has failed, or was destroyed with an error. Before the `'error'` event, once at most. */
export interface ErrorMessage extends StreamMessage, ErrorFacts {}

/** On `slipring:stream:close`: all is over. Before the `'close'` event, also without one, once for each stream. */
export interface CloseMessage extends StreamMessage, CloseFacts {}

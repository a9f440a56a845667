/**
 * Memory for messages: small chunks that arrive while the event loop has nothing else to do. They come without a slot,
 * one behind the other in the memory that is offered for them, as small Buffers come from Node's pool. Consumers see that
 * memory, so the background thread never does: the JS thread itself writes there, between two calls of JavaScript.
 */
import { markAsUntransferable } from 'node:worker_threads';

import type { NativeProducer } from './native';

/** Each message begins with a cache line, so this may be lost before it. */
const MAX_GAP = 64;
/** How much of a pool the messages fill. */
const FILLED = 48 * 1024 - MAX_GAP;
/** What is left behind them: the longest message that is copied, and room enough for a piece to be read there. */
const LEFT_OVER = 16 * 1024;
/** What a consumer holds who keeps a single message, at most. Larger pools go back to the system, and come anew. */
const POOL_SIZE = FILLED + MAX_GAP + LEFT_OVER;

export class MessagePool {
  readonly #native: NativeProducer;
  #pool: Buffer | undefined;
  #full = false;

  constructor(native: NativeProducer) {
    this.#native = native;
  }

  /** The message that native code has put there. */
  take(begin: number, end: number): Buffer {
    this.#full = end >= FILLED;
    return (this.#pool as Buffer).subarray(begin, end);
  }

  /**
   * Sees to it that there is room for the next message. To be called when one has been handed on: it must not wait for
   * that. And when a chunk came in a slot although it might have been a message: there may be no pool yet.
   */
  ensure(): void {
    // Whoever has filled one pool will fill the next: to ask for its pages at once costs less than a fault for each.
    if (this.#full) this.#renew(true);
    else if (!this.#pool?.length) this.#renew(false);
  }

  #renew(soonFull: boolean): void {
    this.#pool = Buffer.allocUnsafeSlow(POOL_SIZE);
    // The other messages in it would go, too.
    markAsUntransferable(this.#pool.buffer);
    this.#native.offer(this.#pool.buffer, soonFull);
    this.#full = false;
  }
}

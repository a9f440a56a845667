/**
 * Memory for messages: small chunks that arrive while the event loop has nothing else to do. They come without a slot,
 * one behind the other in the memory that is offered for them, as small Buffers come from Node's pool. Consumers see that
 * memory, so the background thread never does: the JS thread itself writes there, between two calls of JavaScript.
 */
import { markAsUntransferable } from 'node:worker_threads';

import type { NativeProducer } from './native';

/** What a consumer holds who keeps a single message, at most. */
const POOL_SIZE = 64 * 1024;
/** When no more than this is left there is a new pool. It is the longest message that native code gives. */
const LEFT_OVER = 16 * 1024;

export class MessagePool {
  readonly #native: NativeProducer;
  #pool: Buffer | undefined;

  constructor(native: NativeProducer) {
    this.#native = native;
  }

  /** To be called when a chunk came in a slot although it might have been a message: there may be no pool yet. */
  ensure(): void {
    if (!this.#pool?.length) this.#renew();
  }

  /** The message that native code has put there. */
  take(begin: number, end: number): Buffer {
    const message = (this.#pool as Buffer).subarray(begin, end);
    if (end >= POOL_SIZE - LEFT_OVER) this.#renew();
    return message;
  }

  #renew(): void {
    this.#pool = Buffer.allocUnsafeSlow(POOL_SIZE);
    // The other messages in it would go, too.
    markAsUntransferable(this.#pool.buffer);
    this.#native.offer(this.#pool.buffer);
  }
}

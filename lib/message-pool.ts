/**
 * Memory for messages: small chunks that arrive while the event loop has nothing else to do. They come without a slot,
 * one behind the other in the memory that is offered for them, as small Buffers come from Node's pool.
 */
import { markAsUntransferable } from 'node:worker_threads';

import type { NativeProducer } from './native';

/** What a consumer holds who keeps a single message, at most. */
const POOL_SIZE = 16 * 1024;
/** What is not smaller than this gets a slot. Also what may be left unused of a pool. */
const LARGEST_MESSAGE = 4 * 1024;

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
    if (end > POOL_SIZE - LARGEST_MESSAGE) this.#renew();
    return message;
  }

  #renew(): void {
    this.#pool = Buffer.allocUnsafeSlow(POOL_SIZE);
    // The other messages in it would go, too.
    markAsUntransferable(this.#pool.buffer);
    this.#native.offer(this.#pool.buffer);
  }
}

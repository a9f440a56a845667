/**
 * Memory for short messages, which lie there one behind the other, as short Buffers lie in Node's pool: for each to get
 * memory of its own takes 0.6 µs longer. The background thread never sees it: the JS thread itself copies them there.
 */
import { markAsUntransferable } from 'node:worker_threads';

import type { NativeProducer } from './native';

/** What a consumer holds who keeps a single short message: as much as with Node's pool. */
const POOL_SIZE = 8 * 1024;
/** When so much of it is used the next one comes: what does not fit gets memory of its own meanwhile. */
const FILLED = 7 * 1024;

export class MessagePool {
  readonly #native: NativeProducer;
  #pool: Buffer | undefined;
  #used = 0;

  constructor(native: NativeProducer) {
    this.#native = native;
  }

  /** The message that native code has put there. */
  take(begin: number, end: number): Buffer {
    this.#used = end;
    return (this.#pool as Buffer).subarray(begin, end);
  }

  /** Sees to it that there is room for the next message. To be called when one was handed on: it must not wait for that. */
  ensure(): void {
    // Its length is 0 when somebody has transferred it, which Node 22 does not forbid.
    if (this.#pool?.length && this.#used < FILLED) return;
    this.#pool = Buffer.allocUnsafeSlow(POOL_SIZE);
    this.#used = 0;
    // The other messages in it would go, too.
    markAsUntransferable(this.#pool.buffer);
    this.#native.offer(this.#pool.buffer);
  }
}

/** `pipe()`: Node's own, but for slots that are lent to destinations which are done with a chunk when they say so. */
import type { Writable } from 'node:stream';

import { DirectWays } from './direct-ways';
import { streamBusy } from '../errors';
import { LendingPipes, type PipedRing } from './pipes';

export abstract class PipingStream extends DirectWays {
  #pipes: LendingPipes | undefined;

  protected abstract readonly ring: PipedRing;

  /** Set by the first `pipe()`. */
  protected get pipes(): LendingPipes | undefined {
    return this.#pipes;
  }

  /**
   * As in Node. Slots are lent to the destinations when every consumer of the stream is a terminal sink; see README.
   * @throws ERR_SLIPRING_BUSY when `slots()` or `toWeb()` has the stream.
   */
  override pipe<Destination extends NodeJS.WritableStream>(
    destination: Destination,
    options?: { end?: boolean | undefined },
  ): Destination {
    if (this.readBy === 'one') throw streamBusy();
    this.#pipes ??= new LendingPipes(this, this.ring);
    this.#pipes.connect(destination as unknown as Writable, () => super.pipe(destination, options));
    return destination;
  }

  override unpipe(destination?: NodeJS.WritableStream): this {
    this.#pipes?.threadWrites.interrupt(); // first: whoever hears 'unpipe' may ask what was handed on
    super.unpipe(destination);
    this.#pipes?.disconnected();
    return this;
  }
}

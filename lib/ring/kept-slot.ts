/** A slot that objects are made of, or text. Nobody ever sees its memory, so it can be filled again just as it is. */
import type { Records } from './slot';

export class KeptSlot {
  /** The bytes, until it is released. */
  readonly data: Buffer;
  readonly timestamp: bigint;
  readonly records: Records;
  #giveBack: (() => void) | undefined;

  constructor(data: Buffer, timestamp: bigint, records: Records, giveBack: () => void) {
    this.data = data;
    this.timestamp = timestamp;
    this.records = records;
    this.#giveBack = giveBack;
  }

  /** The second time does nothing. */
  release(): void {
    this.#giveBack?.();
    this.#giveBack = undefined;
  }
}

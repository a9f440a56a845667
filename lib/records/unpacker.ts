/** How a stream of objects makes them from a slot: one at a time, when the consumer wants one. */
import type { Gap } from '../ring';

export interface Unpacked {
  /** The bytes of the object, its own for ever. */
  readonly data: Buffer;
}

export interface Unpacker {
  /** What is missing before the next object. Told once. */
  gap(): Gap | undefined;
  /** The next object. Undefined when there are no more: then the slot was given back. */
  next(): Unpacked | undefined;
  /** Nobody wants the rest: the slot is given back. */
  drop(): void;
}

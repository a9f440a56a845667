/** How a stream of objects makes them from a slot: one at a time, when the consumer wants one. */
import type { Gap } from '../ring';

/** A datagram, or a record: its bytes, its own for ever, or a string. */
export type Unpacked = { readonly data: Buffer } | Buffer | string;

export interface Unpacker {
  /** What is missing before the next object. Told once. */
  gap(): Gap | undefined;
  /** The next object. Undefined when there are no more: then the slot was given back. */
  next(): Unpacked | undefined;
  /** Nobody wants the rest: the slot is given back. */
  drop(): void;
}

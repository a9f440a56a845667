import type { Records } from '../ring';

/** A slot of records, lent or kept: their table follows the data in its memory. */
export interface RecordSlot {
  readonly data: Buffer;
  readonly timestamp: bigint;
  readonly records: Records;
  /** Of one that is lent: see `Slot.position`. */
  readonly file?: string | undefined;
  readonly fileOffset?: number;
  readonly fileEnd?: number;
  readonly fileModified?: number;
  release(): void;
}

import type { KeptSlot } from './kept-slot';

/** What a feed tells the stream it belongs to, in the context in which the stream was made (Rule 7). */
export interface FeedEvents {
  /** Something may be ready to take. */
  turn(): void;
  /** A chunk that was waited for, and needs not be taken. */
  message(chunk: Buffer): void;
  /** The same of a stream with records: one, which is there until this returns. */
  record(room: Buffer, begin: number, end: number): void;
  /** Several, which are in the slot until the next message comes. */
  records(slot: KeptSlot): void;
  /** The source is open; `descriptor` is -1 when it has none, `name` is '' when it has none. */
  open(descriptor: number, name: string): void;
  /** The source could not be opened; see `outcome()`. */
  openFailed(): void;
  /** There is no memory for the feed to go on with. */
  broken(error: Error): void;
}

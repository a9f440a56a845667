/** What the stream of a particular source may override. */
import { sourceFailed, sourceStuck, type NativeFailure } from '../errors';
import { IterableReadable } from './readable';
import type { KeptSlot, LentSlot, Notice } from '../ring';
import type { Unpacker } from '../records';

export class StreamHooks extends IterableReadable {
  /** For streams of objects: what makes them from a slot. */
  protected unpack?(slot: KeptSlot): Unpacker;

  /** For streams with records: the chunk that one becomes, which lies there and must be copied. */
  protected ofRecord(_room: Buffer, _begin: number, _end: number): unknown {
    return undefined;
  }

  /** Called when the source is open. `descriptor` is -1 when it has none, `name` is what the source says it opened. */
  protected onOpen(_descriptor: number, _name: string): void {}

  /** Emits an event that stands between two chunks. */
  protected tell([event, what]: Notice): void {
    this.emit(event, what);
  }

  /** Called before a loop gets the slot. */
  protected onLend(_slot: LentSlot): void {}

  /** Called before the end or the error is told. When it throws, it is called again. */
  protected onEnd(): void {}

  /** Makes the error to destroy the stream with when the source failed. */
  protected toError(failure: NativeFailure): Error {
    return sourceFailed(failure);
  }

  /** Makes the error to tell that the source's thread was given up, so many milliseconds after it was to end. */
  protected toStuckError(patience: number): Error {
    return sourceStuck(patience);
  }

  /**
   * Called when the thread is gone, before `'close'`: for what is to be closed from JavaScript. `descriptor` is
   * undefined when the source was never open.
   */
  protected afterStop(_descriptor: number | undefined, callback: (error?: Error | null) => void): void {
    callback();
  }
}

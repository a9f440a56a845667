/** The loop of `stream.slots()`: lends one slot after the other, and takes each back at the next turn. */
import type { DirectReader } from './direct-reader';
import { FINISHED, type LentSlot, NOTHING_READY } from '../ring';

/** `lent` is called when a slot is about to be handed on. */
export async function* slotLoop(
  reader: DirectReader,
  lent: (slot: LentSlot) => void,
): AsyncGenerator<LentSlot, void, undefined> {
  try {
    for (;;) {
      const index = reader.take();
      if (index === FINISHED) return;
      if (index === NOTHING_READY) {
        await reader.woken();
        continue;
      }
      const slot = reader.feed.lend(index);
      lent(slot);
      try {
        yield slot;
      } finally {
        if (!slot.retained) slot.release();
      }
    }
  } finally {
    reader.left();
  }
}

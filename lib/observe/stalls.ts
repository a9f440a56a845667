/** Looks for stalls: one timer for all streams of the thread, and none while nobody has subscribed to them. */
import { channels } from './channels';
import { live } from './live';

const PERIOD_MS = 500;
/** So many times in a row. Not a time: an event loop that stood still has given nobody a chance. */
const STILL_LOOKS = 2;

let timer: NodeJS.Timeout | undefined;

/** There is nothing to look at, or nobody who wants to know. */
export function lookNoMore(): void {
  if (timer === undefined) return;
  clearInterval(timer);
  timer = undefined;
}

function look(): void {
  if (!channels.stall.hasSubscribers) return lookNoMore();
  const now = performance.now();
  for (const one of live) one.look(now);
}

/** Begins to look if anybody wants to know. To be called whenever something rare happens: nobody tells of subscribers. */
export function lookForStalls(): void {
  if (timer !== undefined || live.size === 0 || !channels.stall.hasSubscribers) return;
  for (const one of live) one.forgetLooks();
  timer = setInterval(look, PERIOD_MS).unref();
}

/** Whether the consumer of a stream stands still. */
export class Stillness {
  #bytes: number | undefined;
  #since = 0;
  #looks = 0;

  /**
   * So many bytes were handed on by now. Returns for how many milliseconds the consumer has stood still, once, when that is long
   * enough. `isFull`: whether the thread waits for it; from then on it does, until something is taken.
   */
  look(now: number, bytes: number, isFull: () => boolean): number | undefined {
    if (bytes === this.#bytes) {
      if (this.#looks === 0 && !isFull()) return undefined;
      if (this.#looks === 0) this.#since = now;
      return this.#looks++ === STILL_LOOKS ? now - this.#since : undefined;
    }
    this.#bytes = bytes;
    this.#looks = 0;
    return undefined;
  }
}

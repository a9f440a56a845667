/** Waiting between two attempts, longer each time. */
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 50;
const LONGEST_MS = 2000;

export class Pauses {
  #next = 0;

  /** The first one is none: what was lost is tried again at once. */
  async wait(signal: AbortSignal): Promise<void> {
    const now = this.#next;
    this.#next = Math.min(Math.max(now * 2, FIRST_MS), LONGEST_MS);
    // Not in step with all who lost the same server.
    if (now > 0) await delay(now * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  reset(): void {
    this.#next = 0;
  }
}

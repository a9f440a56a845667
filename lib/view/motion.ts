/** How fast a stream was during the last second, and who had to wait. */
import type { Stats } from '../ring';

/** Long enough for slots that are large, or records that come rarely. */
const WINDOW_MS = 1000;
const NS_IN_MS = 1e6;

type Look = Pick<Stats, 'bytesDelivered' | 'producerWaitNs' | 'wakeups' | 'droppedChunks'> & { at: number };

export interface Moved {
  rate: number;
  producerWaiting: number;
  consumerWaits: number;
  lostChunks: number;
}

export const STILL: Moved = { rate: 0, producerWaiting: 0, consumerWaits: 0, lostChunks: 0 };

export class Motion {
  /** The oldest first: the one is as old as the window, or older. */
  readonly #looks: Look[] = [];

  look({ bytesDelivered, producerWaitNs, wakeups, droppedChunks }: Stats): Moved {
    const now = { at: performance.now(), bytesDelivered, producerWaitNs, wakeups, droppedChunks };
    while (this.#looks[1] && this.#looks[1].at <= now.at - WINDOW_MS) this.#looks.shift();
    this.#looks.push(now);
    const [first] = this.#looks as [Look];
    const passed = now.at - first.at;
    if (passed === 0) return STILL;
    return {
      rate: ((bytesDelivered - first.bytesDelivered) * 1000) / passed,
      producerWaiting: Math.min(1, (producerWaitNs - first.producerWaitNs) / (passed * NS_IN_MS)),
      consumerWaits: wakeups - first.wakeups,
      lostChunks: droppedChunks - first.droppedChunks,
    };
  }

  /** Nobody has looked for a while. */
  forget(): void {
    this.#looks.length = 0;
  }
}

/** The slots of a stream as a ring that turns as fast as they do. */
import type { ViewedStream } from 'slipring/view';
import { makeSvg, setAttribute, setText } from './dom';

const RADIUS = 40;
/** Finer ones could not be seen. */
const MOST_PARTS = 48;
const GAP_DEGREES = 3;
/** Chunks a second at which it turns half as fast as it ever does. */
const HALF_SPEED = 60;
const FASTEST_TURNS = 0.8;

export const STATES = ['lent', 'ready', 'filling', 'free'] as const;
export type SlotCounts = Record<(typeof STATES)[number], number>;

export function slotsOf({ stats, slotsFilling }: ViewedStream): SlotCounts {
  return {
    lent: stats.slotsLent,
    ready: stats.slotsReady,
    filling: slotsFilling,
    free: stats.slotsFree - slotsFilling,
  };
}

function point(degrees: number): string {
  const angle = ((degrees - 90) * Math.PI) / 180;
  return `${(50 + RADIUS * Math.cos(angle)).toFixed(2)} ${(50 + RADIUS * Math.sin(angle)).toFixed(2)}`;
}

function arc(from: number, to: number): string {
  return `M ${point(from)} A ${RADIUS} ${RADIUS} 0 ${to - from > 180 ? 1 : 0} 1 ${point(to)}`;
}

/** Which state each of so many parts is in: whatever there is has one at least. */
function statesOf(counts: SlotCounts, slots: number, parts: number): string[] {
  const states = STATES.flatMap((state) => {
    const share = Math.round((counts[state] / slots) * parts);
    return Array.from({ length: counts[state] > 0 ? Math.max(1, share) : 0 }, () => state as string);
  });
  return Array.from({ length: parts }, (_, i) => states[i] ?? 'free');
}

export class Ring {
  readonly #parts = makeSvg('g');
  readonly #used = makeSvg('text', { x: 50, y: 51 });
  readonly #of = makeSvg('text', { x: 50, y: 65, class: 'of' });
  readonly element = makeSvg(
    'svg',
    { viewBox: '0 0 100 100', class: 'ring', role: 'img' },
    this.#parts,
    this.#used,
    this.#of,
  );
  readonly #turning = this.#parts.animate([{ transform: 'rotate(0turn)' }, { transform: 'rotate(1turn)' }], {
    duration: 1000 / FASTEST_TURNS,
    iterations: Infinity,
  });
  #last = { time: 0, chunks: 0 };

  constructor() {
    this.stop();
  }

  update(stream: ViewedStream, time: number): void {
    const counts = slotsOf(stream);
    const { slots, chunksDelivered } = stream.stats;
    this.#draw(statesOf(counts, slots, Math.min(slots, MOST_PARTS)));
    setText(this.#used, String(counts.ready + counts.lent));
    setText(this.#of, `of ${slots}`);
    const { lent, ready, filling, free } = counts;
    const label = `${slots} slots: ${free} free, ${filling} being filled, ${ready} ready, ${lent} lent`;
    setAttribute(this.element, 'aria-label', label);
    const { time: before, chunks } = this.#last;
    if (before > 0 && time > before) this.#turn(((chunksDelivered - chunks) * 1000) / (time - before));
    this.#last = { time, chunks: chunksDelivered };
  }

  stop(): void {
    this.#turning.updatePlaybackRate(0);
  }

  /** As fast as chunks come, as far as an eye can follow. */
  #turn(chunks: number): void {
    this.#turning.updatePlaybackRate(chunks / (chunks + HALF_SPEED));
  }

  #draw(states: readonly string[]): void {
    const { children } = this.#parts;
    if (children.length !== states.length) {
      const step = 360 / states.length;
      const gap = Math.min(GAP_DEGREES, step / 3);
      // A single one is almost a circle: an arc that ends where it begins is none.
      const paths = states.map((_, i) => makeSvg('path', { d: arc(i * step + gap / 2, (i + 1) * step - gap / 2) }));
      this.#parts.replaceChildren(...paths);
    }
    for (const [i, state] of states.entries()) setAttribute(children[i] as Element, 'data-slot', state);
  }
}

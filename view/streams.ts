/** The cards of all streams: those that are open above those that have ended. */
import type { ViewSnapshot } from 'slipring/view';
import { Card } from './card';
import { find, setAttribute, setText } from './dom';
import { News } from './news';

/** So few are unfolded from the start. */
const FEW = 2;

export class Streams {
  readonly #cards = new Map<number, Card>();
  readonly #news = new News();
  readonly #open = find('#open .streams');
  readonly #ended = find('#ended .streams');
  readonly #none = find('#open .none');
  readonly #unfold = find('#unfold');
  #others = 0;
  #wasAsked = false;

  constructor() {
    this.#unfold.addEventListener('click', () => {
      const isUnfolded = !this.#allUnfolded;
      this.#wasAsked = true;
      for (const card of this.#cards.values()) card.unfold(isUnfolded);
      this.#showButton();
    });
    // Of a single card.
    for (const list of [this.#open, this.#ended]) list.addEventListener('click', () => this.#showButton());
  }

  /** Keeps what comes, also while nobody sees it. */
  take({ time, streams, others }: ViewSnapshot): void {
    this.#others = others;
    const ids = new Set(streams.map(({ id }) => id));
    for (const [id, card] of this.#cards) {
      if (ids.has(id)) continue;
      card.element.remove();
      this.#cards.delete(id);
    }
    for (const stream of streams) {
      const card = this.#cards.get(stream.id) ?? new Card(stream);
      const isNew = !this.#cards.has(stream.id);
      this.#news.tell(card.stream, stream);
      card.take(time, stream);
      this.#cards.set(stream.id, card);
      if (isNew && !this.#wasAsked && streams.length <= FEW) card.unfold(true);
    }
  }

  draw(time: number): void {
    for (const card of this.#cards.values()) {
      card.draw(time);
      this.#place(card);
    }
    find('#ended').hidden = this.#ended.childElementCount === 0;
    const isNone = this.#open.childElementCount === 0;
    this.#none.hidden = !isNone && this.#others === 0;
    setText(this.#none, isNone ? 'No stream is open.' : `And ${this.#others} more are open, which are not shown.`);
    this.#showButton();
  }

  /** Another program: its streams are others. */
  clear(): void {
    for (const card of this.#cards.values()) card.element.remove();
    this.#cards.clear();
  }

  stop(): void {
    for (const card of this.#cards.values()) card.stop();
  }

  recolor(): void {
    for (const card of this.#cards.values()) card.recolor();
  }

  /** Who has the focus keeps it when its card goes to the others that have ended: those are the latest first. */
  #place({ element, stream }: Card): void {
    const list = stream.until === null ? this.#open : this.#ended;
    if (element.parentElement === list) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    if (stream.until === null) {
      list.append(element);
    } else {
      find('#ended').hidden = false; // nothing in what is hidden can have the focus
      list.prepend(element);
    }
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }

  get #allUnfolded(): boolean {
    return this.#cards.size > 0 && [...this.#cards.values()].every(({ isUnfolded }) => isUnfolded);
  }

  #showButton(): void {
    setAttribute(this.#unfold, 'aria-expanded', String(this.#allUnfolded));
    setText(this.#unfold, this.#allUnfolded ? 'Hide all charts' : 'Show all charts');
  }
}

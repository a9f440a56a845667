/** One stream: what matters at a glance, and, unfolded, all that is known of it. */
import type { ViewedStream } from 'slipring/view';
import { Charts } from './charts';
import { make, setAttribute, setText } from './dom';
import { Facts } from './facts';
import { HappeningList, lossesOf } from './happenings';
import { History } from './history';
import { Ring } from './ring';
import { Sparkline } from './sparkline';
import { nanoseconds, rate, size } from './words';

/** That it is open needs no word. */
const STATES = { opening: 'opening', open: '', ended: 'ended', failed: 'failed' };

/** What is made only when it is to be seen. */
interface Unfolded {
  charts: Charts;
  facts: Facts;
  happenings: HappeningList;
}

export class Card {
  readonly #ring = new Ring();
  readonly #sparkline = new Sparkline();
  readonly #history = new History();
  readonly #button = make('button', 'name');
  readonly #kind = make('span', 'kind');
  readonly #state = make('span', 'state');
  readonly #rate = make('strong', 'rate');
  readonly #latency = make('span', 'latency');
  readonly #waiting = make('p', 'waiting');
  readonly #trouble = make('ul', 'trouble');
  readonly #more = make('div', 'more');
  readonly element: HTMLElement;
  #unfolded: Unfolded | undefined;
  #stream: ViewedStream;

  constructor(stream: ViewedStream) {
    this.#stream = stream;
    this.#button.type = 'button';
    this.#more.id = `stream-${stream.id}`;
    this.#more.hidden = true;
    this.#button.setAttribute('aria-controls', this.#more.id);
    this.#button.setAttribute('aria-expanded', 'false');
    this.#button.addEventListener('click', () => this.unfold(!this.isUnfolded));
    const title = make('div', 'name-line', make('h3', '', this.#button), this.#kind, this.#state);
    const speed = make('div', 'speed', this.#rate, this.#latency, this.#sparkline.element);
    const text = make('div', 'text', title, speed, this.#waiting, this.#trouble);
    this.element = make('article', 'stream', make('div', 'head', this.#ring.element, text), this.#more);
  }

  get isUnfolded(): boolean {
    return !this.#more.hidden;
  }

  get stream(): ViewedStream {
    return this.#stream;
  }

  unfold(isUnfolded: boolean): void {
    this.#more.hidden = !isUnfolded;
    this.#button.setAttribute('aria-expanded', String(isUnfolded));
    this.element.classList.toggle('unfolded', isUnfolded);
    if (!isUnfolded) return;
    if (!this.#unfolded) {
      const { charts, facts, happenings } = (this.#unfolded = {
        charts: new Charts(),
        facts: new Facts(),
        happenings: new HappeningList(),
      });
      this.#more.append(charts.element, make('div', 'beside', facts.element, happenings.element));
    }
    this.#drawUnfolded();
  }

  /** What comes is kept, whether or not anybody sees it. */
  take(time: number, stream: ViewedStream): void {
    this.#stream = stream;
    if (stream.until === null) this.#history.add(time, stream);
  }

  draw(time: number): void {
    const stream = this.#stream;
    const { name, source, state, latency, stats } = stream;
    setAttribute(this.element, 'data-state', stream.stalledSince === null ? state : 'stalled');
    setText(this.#button, name);
    // There may be several without a name.
    setText(this.#kind, name === source ? `#${stream.id}` : source);
    setText(this.#state, stream.stalledSince === null ? STATES[state] : 'stands still');
    const isOver = stream.until !== null;
    setText(this.#rate, isOver ? size(stats.bytesDelivered) : rate(stream.rate));
    setText(this.#latency, latency && !isOver ? `p99 ${nanoseconds(latency.p99)}` : '');
    setText(this.#waiting, stream.error ? stream.error.message : stream.waiting);
    this.#showTrouble(stream);
    this.#ring.update(stream, time);
    this.#sparkline.update(this.#history.series);
    this.#drawUnfolded();
  }

  /** Nothing comes any more. */
  stop(): void {
    this.#ring.stop();
  }

  recolor(): void {
    this.#unfolded?.charts.recolor();
  }

  #drawUnfolded(): void {
    if (!this.#unfolded || !this.isUnfolded) return;
    const { charts, facts, happenings } = this.#unfolded;
    charts.update(this.#history.series, this.#stream);
    facts.update(this.#stream);
    happenings.update(this.#stream);
  }

  #showTrouble(stream: ViewedStream): void {
    const lost = lossesOf(stream);
    const { stalls } = stream.counts;
    const texts = [
      ...(lost === '' ? [] : [`lost ${lost}`]),
      ...(stalls === 0 ? [] : [`stood still ${stalls === 1 ? 'once' : `${stalls} times`}`]),
    ];
    if (texts.join() === [...this.#trouble.children].map(({ textContent }) => textContent).join()) return;
    this.#trouble.replaceChildren(...texts.map((text) => make('li', '', text)));
  }
}

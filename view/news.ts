/** What is read out to who does not see it: what happens rarely, and never a figure that moves. */
import type { ViewedStream } from 'slipring/view';
import { find, setText } from './dom';

export class News {
  readonly #element = find('#news');

  /** What has happened to a stream between two snapshots. */
  tell(before: ViewedStream, now: ViewedStream): void {
    const texts: string[] = [];
    if (now.counts.gaps > before.counts.gaps) texts.push('has lost something');
    if (now.counts.stalls > before.counts.stalls) texts.push('stands still');
    if (now.state !== before.state && now.until !== null)
      texts.push(now.error ? `has failed: ${now.error.message}` : 'has ended');
    if (texts.length > 0) setText(this.#element, `${now.name} ${texts.join(', and ')}.`);
  }
}

/** What the lines of a chart are at one moment, each behind its colour. */
import { make, setText } from './dom';
import type { Line } from './plot';

export class Readout {
  readonly #when = make('span');
  readonly #values: HTMLElement[];
  readonly element: HTMLElement;

  constructor(lines: readonly Line[]) {
    this.#values = lines.map(({ color }) => {
      const value = make('span', 'value');
      value.style.setProperty('--color', `var(${color})`);
      return value;
    });
    this.element = make('span', 'readout', this.#when, ...this.#values);
  }

  get text(): string {
    const values = this.#values.map(({ textContent }) => textContent).filter((text) => text !== '');
    return [this.#when.textContent, ...values].join(' ').trim();
  }

  /** `when`: empty for now. Of a line that has no value there nothing is said. */
  update(when: string, texts: readonly string[]): void {
    setText(this.#when, when || (texts.every((text) => text === '') ? 'nothing' : ''));
    for (const [i, text] of texts.entries()) setText(this.#values[i] as HTMLElement, text);
  }
}

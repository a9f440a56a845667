/** What rarely happened to a stream, in words. */
import type { Happening, ViewedStream } from 'slipring/view';
import { make } from './dom';
import { clock, count, several, size } from './words';

function lossOf({ chunks, bytes, files, sequence }: Extract<Happening, { kind: 'gap' }>): string {
  if (files > 0) return `Lost ${several(files, 'file')}${bytes > 0 ? ` and ${size(bytes)}` : ''}`;
  if (chunks === null) return `Lost an unknown amount, before number ${count(sequence)}`;
  if (chunks === 0) return `Lost ${size(bytes)}, before number ${count(sequence)}`;
  return `Lost ${several(chunks, 'chunk')} (${size(bytes)}), from number ${count(sequence)}`;
}

export function sentenceOf(happening: Happening): string {
  const { kind, times } = happening;
  const often = times > 1 ? `; ${several(times, 'time')} within a second` : '';
  if (kind === 'gap') return `${lossOf(happening)}${often}.`;
  if (kind === 'rotation')
    return `Another file began; the one before was read to byte ${count(happening.offset)}${often}.`;
  const { duration, ready, lent } = happening;
  const kept = lent > 0 ? `, ${several(lent, 'slot')} kept` : '';
  return `Stood still: nothing was taken for ${(duration / 1000).toFixed(1)} s; ${several(ready, 'slot')} ready${kept}.`;
}

/** What is missing in all; an empty string when nothing is. */
export function lossesOf({ stats }: ViewedStream): string {
  const { droppedChunks, droppedBytes, lostFiles, truncated, uncountedLosses } = stats;
  const parts: string[] = [];
  if (droppedChunks > 0) parts.push(several(droppedChunks, 'chunk'));
  if (droppedBytes > 0) parts.push(size(droppedBytes));
  if (lostFiles > 0) parts.push(several(lostFiles, 'file'));
  if (truncated > 0) parts.push(`the end of ${several(truncated, 'record')}`);
  if (uncountedLosses > 0) parts.push(`an unknown amount, ${several(uncountedLosses, 'time')}`);
  return parts.join(', ');
}

/** The newest first. */
export class HappeningList {
  readonly #list = make('ol');
  readonly #none = make('p', 'none', 'Nothing was lost, and nothing stood still.');
  readonly element = make('div', 'happenings', make('h4', '', 'What happened'), this.#none, this.#list);
  #shown = '';

  update({ happenings }: ViewedStream): void {
    const key = JSON.stringify(happenings);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#none.hidden = happenings.length > 0;
    const items = happenings.toReversed().map((happening) => {
      const time = make('time', '', clock(happening.time));
      const item = make('li', '', time, make('span', '', sentenceOf(happening)));
      item.dataset.kind = happening.kind;
      return item;
    });
    this.#list.replaceChildren(...items);
  }
}

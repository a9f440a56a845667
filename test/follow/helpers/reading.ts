/** A stream that is stopped and resumed: all that it has given, and where something was missing. */
import { once } from 'node:events';
import { createReadStream, type Gap, type Position, type ReadStreamOptions, type Slot } from 'slipring';

import { closed } from '../../helpers/waiting';

export class Reading {
  /** What came, as text; a gap is `null`. */
  readonly pieces: (string | null)[] = [];
  readonly gaps: Gap[] = [];
  position: Position | undefined;

  constructor(
    readonly path: string,
    readonly options: ReadStreamOptions = {},
  ) {}

  /** All that came since the last gap. */
  get text(): string {
    return this.pieces.slice(this.pieces.lastIndexOf(null) + 1).join('');
  }

  /** Reads on where it was left, until `enough`, and stops. */
  async read(enough: (reading: this) => boolean, live?: () => void): Promise<void> {
    const stream = createReadStream(this.path, { ...this.options, follow: true, resume: this.position });
    stream.on('gap', (gap) => {
      this.gaps.push(gap);
      this.pieces.push(null);
    });
    const slots = stream.slots() as AsyncIterator<Slot>;
    if (live) {
      await once(stream, 'open');
      live();
    }
    while (!enough(this)) {
      const { value: slot } = (await slots.next()) as IteratorYieldResult<Slot>;
      this.pieces.push(slot.data.toString('latin1'));
      this.position = slot.end;
    }
    await slots.return?.();
    await closed(stream);
  }

  /** Until all of that has come since the last gap. */
  reach(text: string, live?: () => void): Promise<void> {
    return this.read(() => this.text.length >= text.length || this.text.endsWith(text), live);
  }
}

/** Takes slots for the one consumer that reads past the Readable's own queue: a loop, a web stream. */
import { type Feed, FINISHED, type Gap, NOTHING_READY, NEWS, type Notice } from '../ring';

/** What the reader needs of the stream. */
export interface DirectStream {
  /** What the stream was destroyed with; undefined when it was not, or when it has ended. */
  destroyedWith(): Error | undefined;
  /** Something is to be told before what comes next. */
  notice(notice: Notice): void;
  /** The end was reached. Returns what the stream failed with. */
  finish(): Error | undefined;
  /** The consumer has gone, early or not. */
  left(): void;
}

export class DirectReader {
  readonly feed: Feed;
  readonly #stream: DirectStream;
  #notice: Notice | undefined;
  #over = false;
  #wake: (() => void) | undefined;

  constructor(feed: Feed, stream: DirectStream) {
    this.feed = feed;
    this.#stream = stream;
  }

  /** To be called when there may be something to take, or the stream was destroyed. */
  wake(): void {
    this.#wake?.();
  }

  /** Nothing comes any more: `take()` has returned FINISHED, or thrown what the stream failed with. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * The index of a slot, to be passed to the feed; NOTHING_READY; or FINISHED. Throws what the stream failed with, and what a
   * listener threw. `along`: what comes belongs to what is just being handed on. Then nothing comes before which there is something to tell,
   * and who asks sees to it that it is no more than a ring of slots (Rule 11).
   */
  take(along = false): number {
    for (;;) {
      if (this.#notice) {
        if (along) return NOTHING_READY;
        const notice = this.#notice;
        this.#notice = undefined;
        this.#stream.notice(notice);
      }
      const destroyedWith = this.#stream.destroyedWith();
      if (destroyedWith) return this.#end(destroyedWith);
      const index = this.feed.take(along);
      if (index === FINISHED) return this.#end(this.#stream.finish());
      if (index === NEWS) {
        this.#notice = this.feed.notice;
        continue;
      }
      if (index !== NOTHING_READY) this.feed.hasLent = true;
      return index;
    }
  }

  tellGap(gap: Gap): void {
    this.#stream.notice(['gap', gap]);
  }

  /** After NOTHING_READY: until that may have changed. */
  async woken(): Promise<void> {
    this.feed.setWaiting(true);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.feed.setWaiting(false);
  }

  left(): void {
    this.#stream.left();
  }

  #end(error: Error | undefined): typeof FINISHED {
    this.#over = true;
    if (error) throw error;
    return FINISHED;
  }
}

/**
 * How much a stream does per turn of the event loop, and how it gets its next turn (Rule 11). A fast source must not
 * keep everything else in the process waiting.
 */

/** What a stream hands on per turn of the event loop: bytes, but one chunk at least, and chunks. */
const TURN_BYTES = 2 * 1024 * 1024;
const TURN_CHUNKS = 16;
/** A slot of records may hold many hundreds, and for each a listener is called. */
const TURN_BATCHES = 2;

/** How many chunks of a ring of so many slots. `areBatches`: each holds many records. */
export function chunksPerTurn(slots: number, areBatches = false): number {
  return Math.min(areBatches ? TURN_BATCHES : TURN_CHUNKS, slots);
}

export class Turns {
  readonly #chunks: number;
  readonly #run: () => void;
  readonly #wakeLoop: () => void;
  #chunksLeft: number;
  #bytesLeft = TURN_BYTES;
  #next: NodeJS.Immediate | undefined;
  #referenced = true;
  #cancelled = false;

  /**
   * `chunks` is how many may be spent in a turn, `run` is called at the start of each turn that was asked for, and
   * `wakeLoop` keeps an event loop that nothing else keeps busy from falling asleep before it.
   */
  constructor(chunks: number, run: () => void, wakeLoop: () => void) {
    this.#chunks = chunks;
    this.#chunksLeft = chunks;
    this.#run = run;
    this.#wakeLoop = wakeLoop;
  }

  /** Whether nothing was spent since this turn began. */
  get untouched(): boolean {
    return this.#chunksLeft === this.#chunks;
  }

  get spent(): boolean {
    return this.#chunksLeft === 0 || this.#bytesLeft <= 0;
  }

  /** A chunk of so many bytes. */
  spend(bytes: number): void {
    this.#chunksLeft--;
    this.#bytesLeft -= bytes;
  }

  /** The event loop itself has come by: a turn has begun that nobody asked for. */
  begin(): void {
    this.#chunksLeft = this.#chunks;
    this.#bytesLeft = TURN_BYTES;
  }

  /** Asks for the next turn; once is enough. */
  schedule(): void {
    if (this.#next || this.#cancelled) return;
    this.#next = setImmediate(() => {
      this.#next = undefined;
      this.begin();
      this.#run();
    });
    if (!this.#referenced) this.#unrefNext();
  }

  /** There are no more turns, whoever asks for one: a stream that was destroyed can still be read, or piped. */
  cancel(): void {
    this.#cancelled = true;
    clearImmediate(this.#next);
    this.#next = undefined;
  }

  /** Whether a turn that was asked for keeps the process alive. */
  setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    if (referenced) this.#next?.ref();
    else this.#unrefNext();
  }

  #unrefNext(): void {
    if (!this.#next) return;
    this.#next.unref();
    this.#wakeLoop();
  }
}

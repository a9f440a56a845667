/** The warning of a stream that stands still because its consumer keeps every slot. */

const ALL_LENT_MS = 5000;

export class AllLentWarning {
  readonly #slots: number;
  #timer: NodeJS.Timeout | undefined;
  #given = false;

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** To be called when the last slot is lent. A slot that comes back within the time calls it off. */
  arm(): void {
    this.#timer ??= setTimeout(this.#give, ALL_LENT_MS).unref();
  }

  callOff(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #give = (): void => {
    if (this.#given) return;
    this.#given = true;
    process.emitWarning(
      `All ${this.#slots} slots of a slipring stream have been lent for ${ALL_LENT_MS / 1000} s, so it is waiting. ` +
        'Release what slots() handed out and retain() kept, or open the stream with more slots.',
      { code: 'SLIPRING_ALL_LENT' },
    );
  };
}

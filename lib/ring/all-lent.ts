/** The warning of a stream that stands still because its consumer keeps every slot. */

const ALL_LENT_MS = 5000;

export class AllLentWarning {
  #timer: NodeJS.Timeout | undefined;
  #given = false;

  /** To be called when the last of `slots` is lent. A slot that comes back within the time calls it off. */
  arm(slots: number): void {
    this.#timer ??= setTimeout(this.#give, ALL_LENT_MS, slots).unref();
  }

  callOff(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #give = (slots: number): void => {
    if (this.#given) return;
    this.#given = true;
    process.emitWarning(
      `All ${slots} slots of a slipring stream have been lent for ${ALL_LENT_MS / 1000} s, so it is waiting. ` +
        'Release what slots() handed out and retain() kept, or open the stream with more slots.',
      { code: 'SLIPRING_ALL_LENT' },
    );
  };
}

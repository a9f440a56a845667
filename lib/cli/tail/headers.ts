/** Whose lines follow, where there are several files: as `tail` has it. */
import type { Outlet } from '../carry';

export class Headers {
  readonly #outlet: Outlet;
  #current: string | undefined;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Where the bytes of one file go. */
  of(name: string): { write(bytes: Buffer): Promise<void> } {
    return {
      write: (bytes) => {
        // Nothing gets between the two: the outlet takes one after the other.
        if (this.#current !== name) void this.#outlet.write(this.#header(name));
        this.#current = name;
        return this.#outlet.write(bytes);
      },
    };
  }

  #header(name: string): Buffer {
    return Buffer.from(`${this.#current === undefined ? '' : '\n'}==> ${name} <==\n`);
  }
}

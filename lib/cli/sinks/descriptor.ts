/** Files, and whatever else is written to by a descriptor. The pool's threads write: the others go on meanwhile. */
import { close, write } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Sink } from './sink';

const writeSome = promisify(write);
const closeFile = promisify(close);

/** How long to wait for the reader of a pipe that others have made non-blocking: nothing tells when there is room. */
const PAUSE_MS = 2;

export class DescriptorSink implements Sink {
  readonly name: string;
  readonly #open: (() => Promise<number>) | undefined;
  #fd: number;

  /** `open`: opens it again; what cannot be opened again is not closed either. */
  constructor(name: string, fd: number, open?: () => Promise<number>) {
    this.name = name;
    this.#fd = fd;
    this.#open = open;
  }

  async write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) done += await this.#writeFrom(bytes, done);
  }

  async end(): Promise<void> {
    if (this.#open) await closeFile(this.#fd);
  }

  async reopen(): Promise<void> {
    if (this.#open === undefined) return;
    const fd = await this.#open();
    await closeFile(this.#fd);
    this.#fd = fd;
  }

  async #writeFrom(bytes: Buffer, begin: number): Promise<number> {
    try {
      const { bytesWritten } = await writeSome(this.#fd, bytes, begin, bytes.length - begin, null);
      return bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await setTimeout(PAUSE_MS);
      return 0;
    }
  }
}

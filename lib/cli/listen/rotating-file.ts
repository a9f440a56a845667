/** A series of files, each of which is whole by itself. */
import { close, existsSync, ftruncate, open, unlink } from 'node:fs';
import { promisify } from 'node:util';

import { DescriptorSink, type Sink } from '../sinks';
import { fileName } from './file-name';

export interface Rotation {
  /** What each file begins with. */
  head: Buffer;
  /** Milliseconds. */
  every?: number | undefined;
  /** Bytes. */
  size?: number | undefined;
  /** Files that stay. */
  keep?: number | undefined;
}

const openFile = promisify(open);

export class RotatingFile implements Sink {
  readonly name: string;
  readonly #rules: Rotation;
  readonly #files = new Set<string>();
  #file: DescriptorSink | undefined;
  #fd = -1;
  #size = 0;
  #begun = 0;
  /** The last name, and the number behind it. */
  #plain = '';
  #number = 0;

  private constructor(pattern: string, rules: Rotation) {
    this.name = pattern;
    this.#rules = rules;
  }

  /** The first file is there then. */
  static async open(pattern: string, rules: Rotation): Promise<RotatingFile> {
    const file = new RotatingFile(pattern, rules);
    await file.reopen();
    return file;
  }

  /** How many bytes the next write may have to go into the same file; one that has nothing yet takes any. */
  get room(): number {
    const { size = Infinity, head } = this.#rules;
    return this.#size > head.length ? Math.max(size - this.#size, 0) : size - head.length;
  }

  async write(bytes: Buffer): Promise<void> {
    const { every = Infinity, size = Infinity, head } = this.#rules;
    const isFull = this.#size > head.length && this.#size + bytes.length > size;
    if (isFull || performance.now() >= this.#begun + every) await this.reopen();
    await this.#write(bytes);
  }

  async end(): Promise<void> {
    if (this.#file === undefined) return;
    this.#file = undefined;
    await promisify(close)(this.#fd);
  }

  /** Goes on in the next file. */
  async reopen(): Promise<void> {
    const name = this.#nextName();
    const fd = await openFile(name, 'w');
    await this.end();
    // Behind all others, also when one of that name was moved away.
    this.#files.delete(name);
    this.#files.add(name);
    this.#fd = fd;
    this.#file = new DescriptorSink(name, fd);
    this.#size = 0;
    this.#begun = performance.now();
    await this.#write(this.#rules.head);
    await this.#deleteOld();
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#file?.write(bytes);
    } catch (error) {
      // What was begun would leave a file that is not whole. One that has no size keeps it.
      await promisify(ftruncate)(this.#fd, this.#size).catch(() => undefined);
      throw error;
    }
    this.#size += bytes.length;
  }

  /**
   * Several within one second have numbers, and so have those of an hour that a clock shows twice. A file that somebody has moved
   * away leaves its name to the next one.
   */
  #nextName(): string {
    const plain = fileName(this.name, new Date());
    if (plain !== this.#plain) this.#number = 0;
    this.#plain = plain;
    for (;;) {
      const name = this.#number === 0 ? plain : `${plain}.${this.#number}`;
      if (!this.#files.has(name) || !existsSync(name)) return name;
      this.#number++;
    }
  }

  async #deleteOld(): Promise<void> {
    const { keep = Infinity } = this.#rules;
    for (const oldest of this.#files) {
      if (this.#files.size <= keep) return;
      this.#files.delete(oldest);
      // Somebody may have been faster, or may want to keep it.
      await promisify(unlink)(oldest).catch(() => undefined);
    }
  }
}

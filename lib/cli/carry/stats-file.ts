/** Where the objects of --stats go. What fails there leaves alone what is carried, and is told at the end. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, type Stats, writeFileSync } from 'node:fs';

import { Failure, reasonOf } from '../failure';
import { tell } from '../output';
import type { Source } from '../sources';

const { O_WRONLY, O_CREAT } = constants;
const MODE = 0o666;

export class StatsFile {
  readonly #path: string | undefined;
  #fd: number | undefined;
  #stats: Stats | undefined;
  failure: Failure | undefined;

  /** Without a path it is the standard error. */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** @throws Failure when it cannot be written, or is what is read: then it is as it was */
  open({ file }: Pick<Source, 'file'>): void {
    if (this.#path === undefined) return;
    try {
      this.#fd = openSync(this.#path, O_WRONLY | O_CREAT, MODE);
      this.#stats = fstatSync(this.#fd);
    } catch (error) {
      throw this.#unwritable(error);
    }
    if (file && this.is(file.dev, file.ino)) {
      throw new Failure(`${this.#path} is what is to be read: --stats would empty it. Name another file.`);
    }
    if (this.#stats.isFile()) ftruncateSync(this.#fd);
  }

  /** Whether it is this regular file, by whatever name. */
  is(dev: number, ino: number): boolean {
    return this.#stats?.isFile() === true && this.#stats.dev === dev && this.#stats.ino === ino;
  }

  write(object: unknown): void {
    const line = `${JSON.stringify(object)}\n`;
    if (this.#path === undefined) tell(line);
    if (this.#fd === undefined) return;
    try {
      writeFileSync(this.#fd, line);
    } catch (error) {
      this.failure = this.#unwritable(error);
      this.close();
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #unwritable(error: unknown): Failure {
    return new Failure(`cannot write ${this.#path}: ${reasonOf(error)}.`);
  }
}

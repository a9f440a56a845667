/** How far each file was written, in a file: `{ "/var/log/app.log": position }`. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { Failure, reasonOf } from '../failure';
import type { Position } from '../../ring';
import { resolvePosition } from '../../sources/beginning';

/** It is written no more often than this, and at the end. */
const PAUSE_MS = 100;

export class StateFile {
  readonly #path: string;
  readonly #positions: Map<string, Position>;
  #timer: NodeJS.Timeout | undefined;
  #failure: Failure | undefined;

  /** @throws Failure when it is there and cannot be used */
  constructor(path: string) {
    this.#path = path;
    this.#positions = new Map(Object.entries(read(path)));
  }

  /** Where to go on; undefined when the file was never read. */
  get(file: string): Position | undefined {
    return this.#positions.get(file);
  }

  /** @throws Failure when an earlier one could not be kept */
  set(file: string, position: Position): void {
    this.#positions.set(file, position);
    if (this.#failure) throw this.#failure;
    this.#timer ??= setTimeout(() => this.#save(), PAUSE_MS);
  }

  /** @throws Failure when it could not be kept */
  close(): void {
    if (this.#timer) this.#save();
    if (this.#failure) throw this.#failure;
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = `${JSON.stringify(Object.fromEntries(this.#positions))}\n`;
    try {
      // Whoever is killed in the middle leaves the old one.
      writeFileSync(`${this.#path}.new`, text);
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      rmSync(`${this.#path}.new`, { force: true });
      this.#failure = new Failure(`cannot keep in ${this.#path} how far it came: ${reasonOf(error)}.`);
    }
  }
}

function read(path: string): Record<string, Position> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Failure(`cannot read ${path}: ${reasonOf(error)}.`);
  }
  try {
    return positionsOf(JSON.parse(text));
  } catch {
    throw new Failure(`${path} is no file that --resume wrote. Name another one, or delete it to begin anew.`);
  }
}

/** @throws when it is something else */
function positionsOf(kept: unknown): Record<string, Position> {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) throw new TypeError('not an object');
  for (const position of Object.values(kept)) resolvePosition(position);
  return kept as Record<string, Position>;
}

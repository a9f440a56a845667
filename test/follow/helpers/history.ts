/** What happens to a log and its rotated files, by chance; and what must come of it. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

import type { Random } from '../../fuzz/helpers/random';
import { tick } from './tick';

export class History {
  readonly file: string;
  /** How many lines were ever written. */
  written = 0;
  readonly #random: Random;
  /** How many rotated files are kept. */
  readonly #kept: number;
  /** The last number that was given, where they count up. */
  #last = 0;
  readonly #log: string[] = [];

  constructor(
    readonly folder: string,
    random: Random,
    kept: number,
    /** Rotated files are numbered from 1 on, and keep their numbers. */
    readonly up = false,
  ) {
    this.#random = random;
    this.#kept = kept;
    this.file = path.join(folder, 'app.log');
    fs.writeFileSync(this.file, '');
  }

  /** For the message of a failure. */
  get story(): string {
    return this.#log.join(' ');
  }

  note(what: string): void {
    this.#log.push(what);
  }

  /** Appends some lines, which say which they are. */
  write(file = this.file): void {
    let text = '';
    const count = 1 + this.#random.below(this.#random.oneIn(5) ? 200 : 4);
    for (let i = 0; i < count; i++) text += lineOf(this.written++);
    this.note(`write:${this.written}`);
    fs.appendFileSync(file, text);
  }

  /** The log is renamed, or linked, and begun anew, or not yet. */
  rotate(): void {
    const old = this.#shift();
    const style = this.#random.of(['create', 'create', 'link', 'later'] as const);
    this.note(`rotate-${style}`);
    if (style === 'link') {
      fs.linkSync(this.file, old);
      fs.writeFileSync(path.join(this.folder, 'next.tmp'), '');
      fs.renameSync(path.join(this.folder, 'next.tmp'), this.file);
      return;
    }
    fs.renameSync(this.file, old);
    if (style === 'create') fs.writeFileSync(this.file, '');
    // The writer still has the old one open for a moment.
    else if (this.#random.oneIn(2)) {
      this.write(old);
      if (this.up) tick(old);
    }
  }

  copyAndTruncate(): void {
    if (!fs.existsSync(this.file)) return this.write();
    this.note('copytruncate');
    fs.copyFileSync(this.file, this.#shift());
    fs.truncateSync(this.file);
  }

  /** One of the old ones; the youngest leaves no trace where numbers count up. */
  remove(): void {
    const name = this.#anyOld();
    if (name === undefined) return this.write();
    this.note(`remove:${path.basename(name)}`);
    fs.rmSync(name);
  }

  compress(): void {
    const name = this.#anyOld();
    if (name === undefined) return this.write();
    this.note(`gz:${path.basename(name)}`);
    const { atime, mtime } = fs.statSync(name);
    fs.writeFileSync(`${name}.gz`, zlib.gzipSync(fs.readFileSync(name)));
    fs.utimesSync(`${name}.gz`, atime, mtime);
    fs.rmSync(name);
  }

  /** Deletes the log and makes another one, which often gets its number. */
  recreate(): void {
    this.note('recreate');
    fs.rmSync(this.file, { force: true });
    fs.writeFileSync(this.file, this.#random.oneIn(3) ? '' : lineOf(this.written++));
  }

  #old(number: number): string {
    return `${this.file}.${number}`;
  }

  #anyOld(): string | undefined {
    const names = Array.from({ length: this.up ? this.#last - 1 : this.#kept }, (_, i) => this.#old(i + 1)).filter(
      (name) => fs.existsSync(name),
    );
    return names.length > 0 ? this.#random.of(names) : undefined;
  }

  /** Makes room for the next one, and says where: numbers that count up say nothing to who knows no time. */
  #shift(): string {
    if (!fs.existsSync(this.file)) fs.writeFileSync(this.file, '');
    if (this.up) {
      tick(this.file);
      return this.#old((this.#last += 1));
    }
    for (const ending of ['', '.gz']) {
      fs.rmSync(`${this.#old(this.#kept)}${ending}`, { force: true });
      for (let number = this.#kept - 1; number > 0; number--) {
        const from = `${this.#old(number)}${ending}`;
        if (fs.existsSync(from)) fs.renameSync(from, `${this.#old(number + 1)}${ending}`);
      }
    }
    return this.#old(1);
  }
}

/** Of many lengths, and with something of its own at once. */
export function lineOf(number: number): string {
  return `${number} ${'x'.repeat((number * 7) % 60)} ${number}\n`;
}

/**
 * Pieces of text, with `null` where a gap was told: each line comes as it was written, once, and in order. What is missing is missing
 * at a gap, where a line may end early.
 */
export function check(pieces: readonly (string | null)[]): number {
  let next = 0;
  let rest = '';
  let afterGap = true;
  for (const piece of pieces) {
    if (piece === null) {
      const begun = lineOf(next);
      assert.ok(begun.startsWith(rest) || afterGap, `${JSON.stringify(rest)} is no beginning of line ${next}`);
      rest = '';
      afterGap = true;
      continue;
    }
    rest += piece;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end + 1);
      const number = parseInt(line, 10);
      assert.equal(line, lineOf(number), 'a line is damaged');
      assert.ok(number >= next, `line ${number} comes again, or too late: ${next} was to come`);
      if (!afterGap) assert.equal(number, next, `lines ${next} to ${number - 1} are missing, and no gap says so`);
      next = number + 1;
      afterGap = false;
      rest = rest.slice(end + 1);
    }
  }
  return next;
}

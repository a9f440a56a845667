/**
 * Strings of records. Many are decoded at once, and cut out of the one string: a call into Node for each costs more than
 * the rest. They share its memory, so it is short, also because strings of 128 KiB are large objects for V8.
 */
import { isAscii } from 'node:buffer';

import type { RecordView } from './record-view';

/** How many bytes are decoded at once: what one kept string keeps, at most. A longer record is decoded by itself. */
const PIECE = 32 * 1024;

/** Encodings in which a byte is a character, and the names of UTF-8: Node takes them in upper case, too. */
const SINGLE_BYTE = /^(latin1|binary|ascii)$/i;
const UTF8 = /^utf-?8$/i;

export class RecordStrings {
  readonly encoding: BufferEncoding;
  readonly #terminator: string | undefined;
  readonly #isUtf8: boolean;
  readonly #isSingleByte: boolean;

  /** `terminator`: an ASCII character that follows each record, and is in none. */
  constructor(encoding: BufferEncoding, terminator: string | undefined) {
    this.encoding = encoding;
    this.#terminator = terminator;
    this.#isUtf8 = UTF8.test(encoding);
    this.#isSingleByte = SINGLE_BYTE.test(encoding);
  }

  one(view: RecordView, index: number): string {
    return view.data.toString(this.encoding, view.begin(index), view.end(index));
  }

  all(view: RecordView): string[] {
    const strings = new Array<string>(view.count);
    for (let i = 0; i < view.count;) i = this.#make(view, i, this.endOfPiece(view, i), strings, i);
    return strings;
  }

  /** Those of the records from `first` on, up to `next`, which `endOfPiece()` has said. */
  piece(view: RecordView, first: number, next: number): string[] {
    const strings = new Array<string>(next - first);
    this.#make(view, first, next, strings, 0);
    return strings;
  }

  /** The first record behind `first` that does not belong to its piece. */
  endOfPiece(view: RecordView, first: number): number {
    const limit = view.begin(first) + PIECE;
    let [low, high] = [first + 1, view.count];
    if (view.end(high - 1) <= limit) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (view.end(middle) <= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts them into `strings`, from `at` on. Returns `next`. */
  #make(view: RecordView, first: number, next: number, strings: string[], at: number): number {
    if (this.#isSingleByte) this.#cut(this.encoding, view, first, next, strings, at);
    else if (this.#isUtf8 && isAsciiIn(view, first, next)) this.#cut('latin1', view, first, next, strings, at);
    else if (this.#isUtf8 && this.#terminator !== undefined)
      this.#makeMixed(this.#terminator, view, first, next, strings, at);
    else for (let i = first; i < next; i++) strings[at + i - first] = this.one(view, i);
    return next;
  }

  /** Where a byte is a character. */
  #cut(encoding: BufferEncoding, view: RecordView, first: number, next: number, strings: string[], at: number): void {
    view.cut(view.data.toString(encoding, view.begin(first), view.end(next - 1)), first, next, strings, at);
  }

  /** One record in a hundred that is not all ASCII need not make all others strings of two bytes a character: ASCII halves go first. */
  #makeMixed(terminator: string, view: RecordView, first: number, next: number, strings: string[], at: number): void {
    while (next - first > 1) {
      const middle = (first + next) >>> 1;
      const isLower = isAsciiIn(view, first, middle);
      if (isLower === isAsciiIn(view, middle, next)) break; // there are some in both
      if (isLower) {
        this.#cut('latin1', view, first, middle, strings, at);
        at += middle - first;
        first = middle;
      } else {
        this.#cut('latin1', view, middle, next, strings, at + middle - first);
        next = middle;
      }
    }
    this.#split(terminator, view, first, next, strings, at);
  }

  /** Where a character may be several bytes. One that is broken takes nothing of the next record: the terminator is between them. */
  #split(terminator: string, view: RecordView, first: number, next: number, strings: string[], at: number): void {
    const text = view.data.toString('utf8', view.begin(first), view.end(next - 1));
    let begin = 0;
    for (let i = first; i < next; i++) {
      const end = i === next - 1 ? text.length : text.indexOf(terminator, begin);
      const follows = i < next - 1 ? view.begin(i + 1) - view.end(i) : 0;
      strings[at + i - first] = text.substring(begin, follows > terminator.length ? end - 1 : end);
      begin = end + 1;
    }
  }
}

function isAsciiIn(view: RecordView, first: number, next: number): boolean {
  return isAscii(view.data.subarray(view.begin(first), view.end(next - 1)));
}

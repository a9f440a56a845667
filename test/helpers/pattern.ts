/** The bytes of `createPatternStream()`, made a second time, from the formula in addon/sources/pattern.h. */
import { strict as assert } from 'node:assert';
import { endianness } from 'node:os';

const WORD = 4;
const LOW = 2 ** 32;

/** The `length` bytes of the pattern that begin at `offset`. */
export function patternBytes(seed: number, offset: number, length: number): Buffer {
  const first = Math.floor(offset / WORD);
  const words = new Uint32Array(Math.ceil((offset + length) / WORD) - first);
  for (let i = 0; i < words.length; i++) {
    const word = first + i;
    const x = (Math.imul(word % LOW, 0x9e3779b1) + Math.imul(Math.floor(word / LOW), 0x85ebca6b) + seed) | 0;
    words[i] = x ^ (x >>> 16);
  }
  const bytes = Buffer.from(words.buffer);
  if (endianness() === 'BE') bytes.swap32();
  return bytes.subarray(offset - first * WORD).subarray(0, length);
}

/** Fails unless `chunk` is what the pattern has at `offset`. */
export function assertPattern(chunk: Buffer, seed: number, offset: number): void {
  assert.ok(chunk.equals(patternBytes(seed, offset, chunk.length)), `not the pattern of ${seed} at ${offset}`);
}

/**
 * Follows a stream of the pattern: every chunk must continue where the one before it ended. It never throws where the
 * stream calls it: whoever waits for the end asks then.
 */
export class PatternReader {
  #failedAt: number | undefined;

  constructor(
    readonly seed: number,
    public offset = 0,
  ) {}

  take(chunk: unknown): void {
    const bytes = chunk as Buffer;
    if (!bytes.equals(patternBytes(this.seed, this.offset, bytes.length))) this.#failedAt ??= this.offset;
    this.offset += bytes.length;
  }

  /** Fails unless all was as it should be, up to `offset`. */
  assertReached(offset: number): void {
    assert.equal(this.#failedAt, undefined, `not the pattern of ${this.seed} at ${this.#failedAt ?? 0}`);
    assert.equal(this.offset, offset);
  }
}

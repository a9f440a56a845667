/**
 * Memory of slots that have ended, and that nobody but their stream has seen, for the next stream of this JavaScript thread.
 * Whoever reads one small file after the other would leave two slots to the garbage collector for each.
 */
import { allocate } from './allocate';

const MOST = 4;

const spare: ArrayBufferLike[] = [];

/** Of exactly this size, and not zeroed. Throws ERR_MEMORY_ALLOCATION_FAILED. */
export function allocateOrReuse(size: number): ArrayBufferLike {
  return spare.at(-1)?.byteLength === size ? (spare.pop() as ArrayBufferLike) : allocate(size).buffer;
}

/** To be called with memory of one size only, which no native code writes to any more. */
export function reuse(memory: ArrayBufferLike): void {
  if (spare.length < MOST) spare.push(memory);
}

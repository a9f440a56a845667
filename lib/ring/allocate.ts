/** Memory from JavaScript. Where there is none it is an error with a code, on every runtime. */
import { noMemory } from '../errors';

/** Memory of its own, from no pool, and not zeroed. Throws ERR_MEMORY_ALLOCATION_FAILED. */
export function allocate(size: number): ReturnType<typeof Buffer.allocUnsafeSlow> {
  try {
    return Buffer.allocUnsafeSlow(size);
  } catch (cause) {
    throw noMemory(size, cause);
  }
}

const LARGE = 8 * 1024 * 1024;

let keeps = false;

/**
 * Keeps the C library from giving the memory of chunks back to the system as soon as they are collected: the next ones would cost the
 * page faults of new memory, and where those are dear, more than all else. glibc does so when 128 KiB at the end of its heap are free,
 * or twice the largest block that was ever freed. So one is allocated that is freed soon; no page of it is touched.
 */
export function keepFreed(): void {
  if (keeps) return;
  keeps = true;
  try {
    allocate(LARGE);
  } catch {
    // Where memory is that scarce, it had better go back.
  }
}

/** Up to this size to write zeroes costs less than what `allocUnsafeSlow()` does to avoid it. */
const ZEROED = 2048;

/**
 * Memory for a chunk that is smaller than its slot. It is the chunk's alone, as that of a chunk of `node:fs` is, so it can be
 * transferred to another thread, and nobody else's bytes with it: what lies in Node's pool cannot, from Node 21 on.
 */
export function allocateFor(length: number): Buffer {
  return length <= ZEROED ? Buffer.alloc(length) : allocate(length);
}

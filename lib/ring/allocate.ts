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

/** Up to this size to write zeroes costs less than what `allocUnsafeSlow()` does to avoid it. */
const ZEROED = 2048;

/**
 * Memory for a chunk that is smaller than its slot. It is the chunk's alone, as that of a chunk of `node:fs` is, so it can be
 * transferred to another thread, and nobody else's bytes with it: what lies in Node's pool cannot, from Node 21 on.
 */
export function allocateFor(length: number): Buffer {
  return length <= ZEROED ? Buffer.alloc(length) : allocate(length);
}

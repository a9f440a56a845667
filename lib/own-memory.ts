/**
 * Memory for a chunk that is smaller than its slot. It is the chunk's alone, as that of a chunk of `node:fs` is, so it can be
 * transferred to another thread, and nobody else's bytes with it: what lies in Node's pool cannot, from Node 21 on.
 */

/** Up to this size to write zeroes costs less than what `allocUnsafeSlow()` does to avoid it. */
const ZEROED = 2048;

/** What the bytes are at first is unknown. */
export function ownMemory(length: number): Buffer {
  return length <= ZEROED ? Buffer.alloc(length) : Buffer.allocUnsafeSlow(length);
}

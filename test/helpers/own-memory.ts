/**
 * Whether nothing else lies in the memory of a small chunk. So it is with a message that the event loop has read itself;
 * what came in a slot was copied into the pool of Node's own Buffers.
 */
export function hasMemoryOfItsOwn(chunk: Buffer): boolean {
  return chunk.buffer.byteLength === chunk.length;
}

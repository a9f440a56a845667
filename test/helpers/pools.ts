/**
 * Whether a small chunk was just copied into the pool of Node's own Buffers. What comes in a slot is, a message that the
 * event loop has read itself is not. The size does not tell: Node 24 has made its pool as large as that of messages.
 */
export function isInNodesPool(chunk: Buffer): boolean {
  const left = chunk.buffer.byteLength - chunk.byteOffset - chunk.length;
  // One that has used the pool up does not have the next Buffer beside it.
  return chunk.buffer === Buffer.allocUnsafe(1).buffer || left < 8;
}

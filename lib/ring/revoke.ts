/**
 * Takes memory back from whoever has views of it. The memory moves under a new ArrayBuffer, at the same address; the
 * old one and every view of it become empty.
 */

interface Transferable {
  transfer?: (this: ArrayBuffer) => ArrayBuffer;
}

// Node 22 and newer have it; on 20 structuredClone does the same, a little slower.
const { transfer } = ArrayBuffer.prototype as Transferable;

/** The same memory, out of anybody's reach; undefined when it cannot be had, because its holder transferred it away. */
export function revoke(memory: ArrayBuffer): ArrayBuffer | undefined {
  if (memory.byteLength === 0) return undefined;
  try {
    return transfer ? transfer.call(memory) : structuredClone(memory, { transfer: [memory] });
  } catch {
    return undefined; // its holder marked it as untransferable
  }
}

// Loaded only where it is used: the memory of one must not count for the other.
export const readers = {
  slipring: async () => (await import('slipring')).createReadStream,
  'node:fs': async () => (await import('node:fs')).createReadStream,
};

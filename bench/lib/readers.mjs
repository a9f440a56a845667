/** The streams that are compared: Node's own at several sizes of chunk, and ours. */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const FS_DEFAULT = 64 * KIB;

/** The sizes among which "fs at its best highWaterMark" is looked for. */
const FS_SIZES = [FS_DEFAULT, 256 * KIB, 512 * KIB, MIB, 2 * MIB];

const SWEEP_SLOTS = [4, 8, 16];
const SWEEP_SIZES = [64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, MIB];

export function sizeName(bytes) {
  if (bytes >= GIB) return `${bytes / GIB} GiB`;
  return bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`;
}

function reader(name, role, library, options) {
  return {
    name,
    role,
    library,
    open: ({ library: { createReadStream }, input, end }) => createReadStream(input, { ...options, end }),
  };
}

/** `fs.createReadStream`, first as it is without options. */
export function fsReaders(sizes = FS_SIZES) {
  return sizes.map((size) =>
    size === FS_DEFAULT
      ? reader(`fs ${sizeName(size)} (default)`, 'fs default', 'node:fs', {})
      : reader(`fs ${sizeName(size)}`, 'fs', 'node:fs', { highWaterMark: size }),
  );
}

/** slipring's `createReadStream`, with its defaults; with `sweep` in every other shape that may be worth being one. */
export function slipringReaders({ sweep = false } = {}) {
  const readers = [reader('slipring', 'slipring', 'slipring', {})];
  if (!sweep) return readers;
  for (const slotSize of SWEEP_SIZES) {
    for (const slots of SWEEP_SLOTS) {
      readers.push(reader(`slipring ${slots} × ${sizeName(slotSize)}`, 'sweep', 'slipring', { slots, slotSize }));
    }
  }
  return readers;
}

/** One reader of each kind, with chunks of `size`. */
export function readersOfSize(size) {
  return [
    reader(`fs ${sizeName(size)}`, 'fs', 'node:fs', { highWaterMark: size }),
    reader(`slipring ${sizeName(size)}`, 'slipring', 'slipring', { slotSize: size }),
  ];
}

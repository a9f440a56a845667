/** Who reads each kind of input: slipring, Node with its defaults, the same again as the control, and Node with other sizes. */
import fs from 'node:fs';
import net from 'node:net';
import tty from 'node:tty';

import { sizeName } from '../lib/readers.mjs';

const KIB = 1024;
const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;

const openQuietly = (path) => fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

/** `sizes`: other than the default, for "Node at its best". */
const kinds = {
  file: {
    sizes: [256 * KIB, 1024 * KIB, 2048 * KIB],
    openNode: (path, options) => fs.createReadStream(path, options),
    openOurs: ({ createReadStream }, path, options) => createReadStream(path, options),
  },
  fifo: {
    sizes: [256 * KIB, 1024 * KIB],
    openNode: (path, options) => new net.Socket({ fd: openQuietly(path), readable: true, writable: false, ...options }),
    openOurs: ({ createDeviceStream }, path, options) => createDeviceStream(path, options),
  },
  pty: {
    sizes: [64 * KIB, 1024 * KIB],
    openNode: (path, options) => new tty.ReadStream(openQuietly(path), options),
    openOurs: ({ createDeviceStream }, path, options) => createDeviceStream(path, options),
  },
};

/** The readers that take turns. All but ours are Node's. */
export function readersOf(kind, way) {
  const sizes = way.openNode ? [] : kinds[kind].sizes;
  return [
    { name: 'slipring', role: 'slipring' },
    { name: 'node', role: 'default' },
    { name: 'node again', role: 'control' },
    ...sizes.map((size) => ({ name: `node ${sizeName(size)}`, role: 'size', highWaterMark: size })),
  ];
}

/** (path) => the stream, or a promise of it, for a reader of these. */
export async function openerOf(kind, way, { role, highWaterMark }) {
  const options = { ...way.options, ...(highWaterMark && { highWaterMark }) };
  if (role === 'slipring') {
    const slipring = await import('slipring');
    return (path) => kinds[kind].openOurs(slipring, path, options);
  }
  return (path) => (way.openNode ?? kinds[kind].openNode)(path, options);
}

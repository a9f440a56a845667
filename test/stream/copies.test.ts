/** A file that goes through a stream comes out as it went in: into a file, through a socket, and through `for await`. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { createReadStream, type ReadStreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { bytesOf } from '../helpers/waiting';

const KIB = 1024;
const MIB = KIB * KIB;
const LARGE = 100_000_000;

const SLOT_SIZES = [1, 2, 1000, 4 * KIB, 64 * KIB, 256 * KIB, 4 * MIB];
/** With these, the large file would be millions of chunks. */
const TOO_SMALL_FOR_LARGE = 64 * KIB;

type Copy = (path: string, options: ReadStreamOptions) => Promise<Buffer>;

describe('a copy of a file', () => {
  const folder = temporaryFolder();
  const sources = new Map<number, string>();

  /** A file of this size: the same for all tests. */
  function source(size: number): string {
    const path = sources.get(size) ?? folder.fill(`source-${size}`, size);
    sources.set(size, path);
    return path;
  }

  async function assertIdentical(copy: Copy, size: number, slots: number, slotSize: number): Promise<void> {
    const copied = await copy(source(size), { slots, slotSize });
    assert.ok(copied.equals(fs.readFileSync(source(size))), `${slots} slots, ${size} bytes`);
  }

  const ways: Record<string, Copy> = {
    async 'by pipe() into fs.createWriteStream'(path, options) {
      const target = fs.createWriteStream(folder.path('target'));
      await finished(createReadStream(path, options).pipe(target));
      return fs.readFileSync(folder.path('target'));
    },
    async 'through a socket'(path, options) {
      const server = net.createServer((socket) => createReadStream(path, options).pipe(socket)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const received = await bytesOf(net.connect((server.address() as AddressInfo).port, '127.0.0.1'));
      server.close();
      return received;
    },
    'by for await': (path, options) => bytesOf(createReadStream(path, options) as AsyncIterable<Buffer>),
  };

  for (const [name, copy] of Object.entries(ways)) {
    for (const slotSize of SLOT_SIZES) {
      it(`${name} is byte-identical with slots of ${slotSize} bytes, for sizes around one slot and around the ring`, async () => {
        for (const slots of [1, 2, 8]) {
          const around = [slotSize, slots * slotSize].flatMap((size) => [size - 1, size, size + 1]);
          for (const size of new Set([0, 1, ...around])) await assertIdentical(copy, size, slots, slotSize);
        }
      });
    }

    for (const slotSize of SLOT_SIZES.filter((size) => size >= TOO_SMALL_FOR_LARGE)) {
      it(`${name} is byte-identical for 100 MB with slots of ${slotSize} bytes`, async () => {
        for (const slots of [1, 2, 8]) await assertIdentical(copy, LARGE, slots, slotSize);
      });
    }
  }
});

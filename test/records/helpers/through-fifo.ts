/** Bytes that come in pieces, when somebody writes them. */
import { open } from 'node:fs/promises';
import { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from 'slipring';

import type { Folder } from '../../helpers/files';
import { turn } from '../../helpers/waiting';

async function write(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const writer = await open(path, 'w');
  try {
    for (const piece of pieces) {
      await writer.writeFile(piece);
      await turn();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error; // the reader had enough
  } finally {
    await writer.close();
  }
}

/** A stream of a FIFO into which the pieces are written, one after the other, and which then ends. */
export function throughFifo(folder: Folder, pieces: readonly Uint8Array[], options: DeviceStreamOptions): DeviceStream {
  const path = folder.fifo();
  const stream = createDeviceStream(path, options);
  stream.once('ready', () => void write(path, pieces));
  return stream;
}

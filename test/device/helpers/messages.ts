/** What tests of messages share. */
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from 'slipring';

import type { Folder } from '../../helpers/files';
import { itWhere } from '../../helpers/where';

const eventLoopIsLibuvs = process.platform === 'linux' && !('bun' in process.versions) && !('deno' in process.versions);

/** `it` where the event loop can wait for messages. */
export const onlyWithLibuv = itWhere(
  eventLoopIsLibuvs,
  'only an event loop of libuv can wait for data, and only on Linux',
);

/** A stream of a FIFO that is open, and what writes into it. */
export async function openFifo(
  folder: Folder,
  options?: DeviceStreamOptions,
): Promise<{ stream: DeviceStream; writer: number }> {
  const path = folder.fifo();
  const stream = createDeviceStream(path, options);
  await once(stream, 'ready');
  return { stream, writer: fs.openSync(path, 'w') };
}

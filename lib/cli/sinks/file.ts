/** A file by its path. */
import { close, constants, fstat, ftruncate, open } from 'node:fs';
import { promisify } from 'node:util';

import { Failure } from '../failure';
import { DescriptorSink } from './descriptor';
import type { Sink } from './sink';

const MODE = 0o666;
const { O_WRONLY, O_CREAT, O_APPEND } = constants;

const openPath = promisify(open);
const statOf = promisify(fstat);
const truncate = promisify(ftruncate);

/** What a regular file is, so that it must not be emptied; undefined when it may be. */
export type Refuse = (dev: number, ino: number) => string | undefined;

export async function openFileSink(path: string, refuse: Refuse): Promise<Sink> {
  const fd = await openPath(path, O_WRONLY | O_CREAT, MODE);
  try {
    const stats = await statOf(fd);
    const why = stats.isFile() ? refuse(stats.dev, stats.ino) : undefined;
    if (why !== undefined) throw new Failure(`${path} is ${why}. Name another sink.`);
    const sink = new DescriptorSink(path, fd, () => openPath(path, O_WRONLY | O_CREAT | O_APPEND, MODE));
    return stats.isFile() ? Object.assign(sink, { begin: () => truncate(fd) }) : sink;
  } catch (error) {
    await promisify(close)(fd);
    throw error;
  }
}

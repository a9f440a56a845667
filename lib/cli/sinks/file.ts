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

/** `isSource`: whether it is what is read. It is emptied only when it is not. */
export async function openFileSink(path: string, isSource: (dev: number, ino: number) => boolean): Promise<Sink> {
  const fd = await openPath(path, O_WRONLY | O_CREAT, MODE);
  try {
    const stats = await statOf(fd);
    if (stats.isFile() && isSource(stats.dev, stats.ino)) {
      throw new Failure(`${path} is what is to be read: writing it anew would empty it first. Name another sink.`);
    }
    if (stats.isFile()) await promisify(ftruncate)(fd);
  } catch (error) {
    await promisify(close)(fd);
    throw error;
  }
  return new DescriptorSink(path, fd, () => openPath(path, O_WRONLY | O_CREAT | O_APPEND, MODE));
}

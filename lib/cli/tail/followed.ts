/** A file that is followed. */
import type { BeginningOptions } from '../../sources/beginning';
import { createReadStream } from '../../sources/file';
import { tellSentence } from '../output';
import { opened, type Source } from '../sources';

/** @throws Failure when it cannot be read */
export async function openFollowed(path: string, beginning: BeginningOptions): Promise<Source> {
  const stream = createReadStream(path, { ...beginning, follow: true });
  stream.on('gap', ({ files = 0, droppedBytes, reason }) => {
    const what = reason === undefined ? '' : ` (the file that it was to go on in was ${WORDS[reason]})`;
    const much = files > 0 ? `${files} file${files === 1 ? '' : 's'}` : `${droppedBytes} bytes`;
    tellSentence(`${path}: ${much} could not be read${what}.`);
  });
  return await opened({ name: path, stream }, 'ready');
}

const WORDS = { gone: 'deleted or moved away', cut: 'cut or written anew', compressed: 'compressed' };

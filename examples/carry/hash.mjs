import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * The SHA-256 and the size of a file, of any size, read with node:fs: what is checked takes no part in the check.
 * `watch` is told of the stream.
 */
export async function hashOf(file, watch = () => {}) {
  const hash = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024 });
  watch(stream);
  for await (const chunk of stream) hash.update(chunk);
  return { bytes: stream.bytesRead, sha256: hash.digest('hex') };
}

/** What a stream is called: by what it reads. */
import type { ProducerStream } from '../stream';

interface Named {
  path?: unknown;
  fd?: unknown;
  library?: unknown;
  address?: () => { address: string; port: number; family: string };
}

/** `known`: what it was called before, by when it may have forgotten that. */
export function nameOf(stream: ProducerStream, source: string, known: string | undefined): string {
  const { path, fd, library } = stream as Named;
  const text = path ?? library;
  if (typeof text === 'string' && text !== '') return text;
  if (Buffer.isBuffer(text)) return text.toString();
  if (typeof fd === 'number') return `descriptor ${fd}`;
  return addressOf(stream as Named) ?? known ?? source;
}

function addressOf(stream: Named): string | undefined {
  try {
    const bound = stream.address?.();
    return bound && `udp://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
  } catch {
    return undefined; // it is not bound yet, or not any more
  }
}

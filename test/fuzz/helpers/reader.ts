/** Somebody who gets chunks of a stream: they must be what the stream reads, in order, and none is missing or there twice. */
import type { Datagram } from 'slipring';

import { TEXT } from './content';
import type { Watched } from './watched';

export class Reader {
  readonly #watched: Watched;
  #offset = 0;
  /** Strings came that do not tell the bytes. */
  #isVague = false;

  constructor(watched: Watched) {
    this.#watched = watched;
    watched.readers++;
  }

  get #isAlone(): boolean {
    return this.#watched.readers === 1 && !this.#watched.hasHoles;
  }

  take(chunk: unknown): void {
    const watched = this.#watched;
    if (watched.isTamperedWith) return;
    if (watched.isObjects) return this.#takeDatagram(chunk as Datagram);
    const bytes = this.#bytesOf(chunk);
    if (bytes === undefined) return;
    const { content } = watched.origin;
    if (this.#isAlone) {
      if (!content.matches(bytes, this.#offset)) this.#wrong(bytes);
      this.#offset += bytes.length;
    } else {
      const found = content.find(bytes, this.#offset);
      if (found < 0) this.#wrong(bytes);
      else this.#offset = found + bytes.length;
    }
  }

  /** Nothing comes any more, and nobody stopped it. */
  end(): void {
    const { stream, origin, wasStopped, isTamperedWith, isObjects } = this.#watched;
    const length = origin.content.length();
    if (!this.#isAlone || wasStopped || isTamperedWith || isObjects || this.#isVague || stream.errored) return;
    if (length !== undefined && length !== this.#offset) {
      this.#watched.problem(`ended after ${this.#offset} bytes of ${length}`);
    }
  }

  #wrong(bytes: Buffer): void {
    const begin = JSON.stringify(bytes.toString('latin1', 0, 32));
    this.#watched.problem(`${bytes.length} wrong bytes behind ${this.#offset}: ${begin}…`);
    this.#watched.isTamperedWith = true; // once is enough
  }

  #bytesOf(chunk: unknown): Buffer | undefined {
    if (Buffer.isBuffer(chunk)) return chunk;
    if (typeof chunk !== 'string') this.#watched.problem(`a chunk that is ${String(chunk)}`);
    const text = String(chunk);
    const encoding = this.#watched.stream.readableEncoding;
    const unit = ({ latin1: 1, hex: 2, base64: 4 } as Record<string, number | undefined>)[encoding ?? ''];
    // read(n) may cut between the characters of a byte.
    if (unit !== undefined && text.length % unit === 0) return Buffer.from(text, encoding as BufferEncoding);
    this.#isVague = true;
    this.#watched.isTamperedWith = unit !== undefined;
    return undefined;
  }

  #takeDatagram({ data, remoteAddress, remotePort, timestamp, truncated }: Datagram): void {
    const isRight = data.equals(TEXT.subarray(0, data.length)) && typeof truncated === 'boolean';
    if (isRight && remoteAddress !== '' && remotePort > 0 && timestamp > 0n) return;
    this.#watched.problem(`a wrong datagram of ${data.length}`);
  }
}

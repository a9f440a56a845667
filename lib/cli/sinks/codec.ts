/** Compresses what goes to a sink. */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

import { Failure } from '../failure';
import type { Sink } from './sink';

export type Codec = () => Transform;

/** @throws Failure where this Node does not have it */
export function codecOf(name: 'gzip' | 'zstd'): Codec {
  if (name === 'gzip') return () => zlib.createGzip();
  // @types/node are those of the oldest Node.
  const { createZstdCompress } = zlib as { createZstdCompress?: Codec };
  if (createZstdCompress) return () => createZstdCompress();
  throw new Failure(
    `--zstd needs Node 22.15, 23.8 or newer, and this is ${process.versions.node}. Use --gzip, or the sink 'exec:zstd > FILE'.`,
    2,
  );
}

export class CompressedSink implements Sink {
  readonly name: string;
  readonly #target: Sink;
  readonly #codec: Codec;
  #transform: Transform;
  #carried: Promise<void>;

  constructor(target: Sink, codec: Codec) {
    this.name = target.name;
    this.#target = target;
    this.#codec = codec;
    this.#transform = codec();
    this.#carried = this.#carry();
  }

  async write(bytes: Buffer): Promise<void> {
    // A copy: zlib may still read it when the target has failed, and by then the memory is somebody else's.
    const copy = Buffer.from(bytes);
    const taken = new Promise<void>((resolve, reject) => {
      this.#transform.write(copy, (error) => (error ? reject(error) : resolve()));
    });
    // When the target fails nobody takes what comes out, and no more goes in.
    await Promise.race([taken, this.#carried]);
  }

  async end(): Promise<void> {
    await this.#finish();
    await this.#target.end();
  }

  /** What was written so far is whole, and what follows, too. */
  async reopen(): Promise<void> {
    await this.#finish();
    await this.#target.reopen();
    this.#transform = this.#codec();
    this.#carried = this.#carry();
  }

  async #finish(): Promise<void> {
    this.#transform.end();
    await this.#carried;
  }

  async #carry(): Promise<void> {
    for await (const bytes of this.#transform) await this.#target.write(bytes as Buffer);
  }
}

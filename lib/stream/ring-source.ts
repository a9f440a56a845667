/** What is under a web stream that has its stream alone: gives chunks when it is asked, or fills the reader's own view. */
import type { ReadableStreamBYOBRequest } from 'node:stream/web';

import { allocateFor, type HeldSlot } from '../ring';
import type { ChunkReader } from './chunk-reader';
import type { DirectReader } from './direct-reader';
import { throwLater } from '../errors';
import type { WebController, WebSource } from './web';

export class RingSource implements WebSource {
  readonly #reader: DirectReader;
  readonly #chunks: ChunkReader;
  readonly #controller: WebController;
  /** The slot that a view was too small for. */
  #held: HeldSlot | undefined;

  constructor(reader: DirectReader, chunks: ChunkReader, controller: WebController) {
    this.#reader = reader;
    this.#chunks = chunks;
    this.#controller = controller;
  }

  /** Gives at once what is there: each promise between the ring and the reader costs time. */
  pull(): Promise<void> | undefined {
    return this.#give() ? undefined : this.#giveLater();
  }

  close(): void {
    this.#held?.drop();
    this.#held = undefined;
    this.#chunks.close();
  }

  async #giveLater(): Promise<void> {
    do await this.#reader.woken();
    while (!this.#give());
  }

  /** False when there is nothing to give yet. */
  #give(): boolean {
    const request = 'byobRequest' in this.#controller ? this.#controller.byobRequest : null;
    const given = request ? this.#fill(request) : this.#enqueue();
    return given || this.#reader.over; // the end itself is told by whoever listens to the stream
  }

  #fill(request: ReadableStreamBYOBRequest): boolean {
    const view = request.view as Uint8Array;
    let filled = 0;
    for (let slots = 0; filled < view.length && slots < this.#reader.feed.slots; slots++) {
      this.#held ??= this.#hold(filled > 0);
      if (!this.#held) break;
      filled += this.#held.copyTo(filled === 0 ? view : view.subarray(filled));
      if (this.#held.left === 0) this.#held = undefined;
    }
    if (filled > 0) request.respond(filled);
    return filled > 0;
  }

  #hold(along: boolean): HeldSlot | undefined {
    const index = this.#attempt(() => this.#reader.take(along));
    return index === undefined || index < 0 ? undefined : this.#reader.feed.hold(index);
  }

  #enqueue(): boolean {
    const chunk = this.#rest() ?? this.#attempt(() => this.#chunks.next());
    if (chunk === undefined) return false;
    try {
      this.#controller.enqueue(plain(chunk) as Uint8Array);
    } catch (error) {
      this.#reader.left(); // what the strategy throws is the end of both
      throw error;
    }
    return true;
  }

  /** What a view had no room for, when now a chunk is asked for. */
  #rest(): Uint8Array | undefined {
    if (!this.#held) return undefined;
    const rest = allocateFor(this.#held.left);
    this.#held.copyTo(rest);
    this.#held = undefined;
    return rest;
  }

  /** What a listener throws is not the web stream's error, and the stream goes on (Rule 7). */
  #attempt<Taken>(take: () => Taken): Taken | undefined {
    try {
      return take();
    } catch (error) {
      if (this.#reader.over) return undefined;
      throwLater(error);
      this.#reader.feed.scheduleTurn();
      return undefined;
    }
  }
}

/** No Buffers: web streams are made of what is known everywhere. */
function plain(chunk: unknown): unknown {
  return chunk instanceof Uint8Array ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length) : chunk;
}

/** The ways to read a stream that go past the Readable's own queue, and need the stream alone. */
import { byteBatches } from './byte-batches';
import { ChunkReader } from './chunk-reader';
import type { DirectReader } from './direct-reader';
import { streamBusy } from '../errors';
import { FlowingSource } from './flowing-source';
import { RingSource } from './ring-source';
import { slotLoop } from './slot-loop';
import type { LentSlot, Slot } from '../ring';
import { ObservedStream } from './observed';
import { webStream, webStreamOptions, type WebStreamOptions } from './web';

/** The protocol of `node:stream/iter`: what a source says it is made into. Node's own Readable has it, where there is one. */
const toAsyncStreamable: unique symbol = Symbol.for('Stream.toAsyncStreamable') as never;

export abstract class DirectWays extends ObservedStream {
  /** Who has begun to read the stream: nobody, one of the ways below, or others in one of Node's. */
  protected abstract get readBy(): 'nobody' | 'one' | 'others';

  /** @throws ERR_SLIPRING_BUSY when somebody has. */
  protected abstract readDirectly(): DirectReader;

  /**
   * Lends the chunks instead of giving them away: the fastest way to read. A slot is valid until the next turn of the
   * loop; see {@link Slot}. The stream is destroyed when the loop is left early.
   * @throws ERR_SLIPRING_BUSY when something else reads the stream, or has read it.
   */
  slots(): AsyncIterableIterator<Slot> {
    return this.lentSlots();
  }

  /** As `slots()`, with what only this package sees of a slot. */
  protected lentSlots(): AsyncIterableIterator<LentSlot> {
    const reader = this.readDirectly();
    return slotLoop(reader, (slot) => reader.feed.inContext(() => this.onLend(slot), this));
  }

  /**
   * The stream as a web stream of bytes, for `fetch()`, `Response` and whoever brings a buffer of their own, which is filled
   * with one copy. It behaves as that of `Readable.toWeb()`: cancelling it destroys this stream, and what this stream fails
   * with it fails with. What nobody asks for stays in the ring, and then the background thread waits.
   *
   * Chunks that are no bytes, as datagrams or text, come in a stream of such chunks.
   * @throws ERR_SLIPRING_BUSY when `slots()` or `toWeb()` has the stream already.
   */
  // A parameter, for streams of other chunks: `toWeb<string>()` where there is an encoding. By default it is what TypeScript from
  // 5.7 on calls Uint8Array<ArrayBuffer>, and before Uint8Array.
  toWeb<Chunk = ReturnType<typeof Uint8Array.of>>(options: WebStreamOptions = {}): ReadableStream<Chunk> {
    const isText = this.readableEncoding !== null;
    const resolved = webStreamOptions(options, !this.unpack && !isText);
    if (!this.readable) return webStream<Chunk>(this, resolved);
    if (this.readBy === 'one') throw streamBusy();
    return webStream<Chunk>(this, resolved, (controller) => {
      if (isText || this.readBy === 'others') return new FlowingSource(this, controller);
      const reader = this.readDirectly();
      return new RingSource(reader, this.#chunksOf(reader), controller);
    });
  }

  /**
   * @internal For `node:stream/iter`: the bytes of all chunks that are ready at a time. A stream that is read already, or
   * decoded, is what Node makes of every Readable.
   */
  [toAsyncStreamable](): AsyncIterable<Uint8Array[]> {
    if (this.readable && this.readBy !== 'others' && this.readableEncoding === null) {
      const reader = this.readDirectly();
      return byteBatches(reader, this.#chunksOf(reader));
    }
    const inherited: unknown = Reflect.get(ObservedStream.prototype, toAsyncStreamable);
    if (typeof inherited !== 'function') throw streamBusy();
    return Reflect.apply(inherited, this, []) as AsyncIterable<Uint8Array[]>;
  }

  #chunksOf(reader: DirectReader): ChunkReader {
    return new ChunkReader(reader, this.unpack?.bind(this));
  }
}

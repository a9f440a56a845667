/** The web stream of `stream.toWeb()`: its options, how it begins and how it ends. What flows between is its source's. */
import { finished, type Readable } from 'node:stream';
import {
  ReadableStream as WebStream,
  type QueuingStrategy,
  type ReadableByteStreamController,
  type ReadableStreamDefaultController,
} from 'node:stream/web';

import { aborted, invalidArgType, invalidArgValue } from '../errors';

/** The options of `stream.toWeb()`: those of `Readable.toWeb()`. */
export interface WebStreamOptions {
  /**
   * `'bytes'`: the reader may bring its own buffers, `getReader({ mode: 'byob' })`.
   * @defaultValue 'bytes' when the chunks are bytes, and `strategy` has no `size`
   */
  type?: 'bytes' | undefined;
  /**
   * How much the web stream keeps besides the ring, as `new ReadableStream()` takes it.
   * @defaultValue nothing: `{ highWaterMark: 0 }`
   */
  strategy?: QueuingStrategy | undefined;
}

export type WebController = ReadableByteStreamController | ReadableStreamDefaultController;

/** What is under a web stream. */
export interface WebSource {
  /** Something is asked for. */
  pull(): Promise<void> | undefined;
  /** Nothing is asked for any more. */
  close(): void;
}

interface ResolvedOptions {
  type: 'bytes' | undefined;
  strategy: QueuingStrategy;
}

/** Checks them. `hasBytes`: whether the chunks of the stream are bytes. */
export function webStreamOptions(options: WebStreamOptions, hasBytes: boolean): ResolvedOptions {
  if (typeof options !== 'object' || options === null) throw invalidArgType('options', 'of type object', options);
  const { type, strategy = { highWaterMark: 0 } } = options;
  if (type !== undefined && type !== 'bytes') throw invalidArgValue('options.type', "must be 'bytes'", type);
  if (type === 'bytes' && !hasBytes) throw invalidArgValue('options.type', 'is for chunks that are bytes', type);
  // A stream of bytes counts bytes, and wants nobody else to.
  return { type: hasBytes && strategy.size === undefined ? 'bytes' : type, strategy };
}

/** `open` makes its source. Without one the stream is over, and the web stream tells only how that was. */
export function webStream<Chunk>(
  stream: Readable,
  { type, strategy }: ResolvedOptions,
  open?: (controller: WebController) => WebSource,
): ReadableStream<Chunk> {
  let controller!: WebController;
  let done = false;
  const end = (): boolean => {
    if (done) return false;
    done = true;
    source?.close();
    return true;
  };
  const web = new WebStream<Chunk>(
    {
      type: type as undefined,
      start: (its: WebController) => void (controller = its),
      pull: () => source?.pull(),
      cancel: (reason: unknown) => {
        end();
        if (reason) stream.destroy(reason as Error);
        else stream.destroy(aborted());
      },
    },
    strategy,
  );
  const source = open?.(controller); // not before it is known that the strategy is right
  finished(stream, { writable: false }, (error) => {
    if (!end()) return;
    if (error) controller.error(error.code === 'ERR_STREAM_PREMATURE_CLOSE' ? aborted(error) : error);
    else close(controller);
  });
  return web;
}

function close(controller: WebController): void {
  try {
    controller.close();
  } catch {
    return; // a view of larger elements is filled up to the middle of one: the web stream has failed with that
  }
  // The view that the reader waits for comes back without any bytes.
  if ('byobRequest' in controller) controller.byobRequest?.respond(0);
}

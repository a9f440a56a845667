/** What is under a web stream when its stream is read by others already, or decoded: the chunks that all of them get. */
import type { Readable } from 'node:stream';

import type { WebController, WebSource } from './web';

export class FlowingSource implements WebSource {
  readonly #stream: Readable;
  readonly #controller: WebController;

  constructor(stream: Readable, controller: WebController) {
    this.#stream = stream;
    this.#controller = controller;
    stream.pause();
    stream.on('data', this.#onData);
  }

  pull(): undefined {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.removeListener('data', this.#onData);
  }

  readonly #onData = (chunk: unknown): void => {
    // A web stream of bytes takes their memory for itself, and here it belongs to others, too.
    const own = chunk instanceof Uint8Array ? new Uint8Array(chunk) : chunk;
    try {
      this.#controller.enqueue(own as Uint8Array);
    } catch (error) {
      // A string among bytes, because somebody has set an encoding since; or the strategy's own error.
      this.#stream.destroy(error as Error);
    }
    if ((this.#controller.desiredSize ?? 0) <= 0) this.#stream.pause();
  };
}

/** What Node has a Writable for. */
import type { Writable } from 'node:stream';

import type { Sink } from './sink';

export class WritableSink implements Sink {
  readonly name: string;
  readonly #stream: Writable;
  /** Of what is under way: a stream that is closed does not call back. */
  #fail: ((error: Error) => void) | undefined;
  #failure: Error | undefined;

  constructor(name: string, stream: Writable) {
    this.name = name;
    this.#stream = stream;
    stream.on('error', (error) => this.#onFailure(error));
    stream.on('close', () => this.#onFailure(new Error('the other side has closed it')));
  }

  write(bytes: Buffer): Promise<void> {
    return this.until((done) => this.#stream.write(bytes, done));
  }

  end(): Promise<void> {
    return this.until((done) => this.#stream.end(done));
  }

  /** It has no name under which there could be another one. */
  reopen(): Promise<void> {
    return Promise.resolve();
  }

  /** Until it is done, or the stream fails. */
  protected until(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#fail = reject;
      begin((error) => {
        this.#fail = undefined;
        // The first one says more than that it was destroyed.
        if (error) reject(this.#failure ?? error);
        else resolve();
      });
    });
  }

  #onFailure(error: Error): void {
    this.#failure ??= error;
    this.#fail?.(this.#failure);
  }
}

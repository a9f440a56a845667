/** Somebody who watches a view, and reads what it tells. */
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { ViewedStream, ViewSnapshot } from 'slipring/view';

import { beside, opened } from './asking';

export class Watcher implements Disposable {
  readonly #response: IncomingMessage;
  readonly #lines: NodeJS.AsyncIterator<string>;
  /** Whether the view has said that it is over. */
  ended = false;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.#lines = createInterface(response)[Symbol.asyncIterator]();
  }

  static async of(url: string): Promise<Watcher> {
    return new Watcher(await opened(beside(url, '/events')));
  }

  /** Undefined when there is no more. */
  async next(): Promise<ViewSnapshot | undefined> {
    for (;;) {
      const { value, done } = (await this.#lines.next()) as IteratorResult<string, undefined>;
      if (done) return undefined;
      if (value === 'event: end') this.ended = true;
      else if (value.startsWith('data: ') && !this.ended) return JSON.parse(value.slice(6)) as ViewSnapshot;
    }
  }

  /** The first snapshot from now on in which the stream of that name is so. */
  async seen(name: string, isSo: (stream: ViewedStream) => boolean): Promise<ViewedStream> {
    for (;;) {
      const snapshot = await this.next();
      if (!snapshot) throw new Error(`The view is over, and ${name} was never so.`);
      const stream = snapshot.streams.findLast((one) => one.name === name);
      if (stream && isSo(stream)) return stream;
    }
  }

  [Symbol.dispose](): void {
    this.#response.destroy();
  }
}

/** Those who watch: responses that stay open, each of which gets every snapshot that it has room for. */
import type { ServerResponse } from 'node:http';

const MOST = 8;
/** Who has read nothing for so long is gone, or asleep: it comes back by itself. */
const PATIENCE_MS = 30_000;

interface Watcher {
  /** Since when it has no room; undefined when it has. */
  fullSince: number | undefined;
}

export class Watchers {
  readonly #all = new Map<ServerResponse, Watcher>();
  readonly #onChange: () => void;

  /** `onChange` is called when the first comes, or the last goes. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get count(): number {
    return this.#all.size;
  }

  get isFull(): boolean {
    return this.#all.size >= MOST;
  }

  /** Its headers are sent. */
  add(response: ServerResponse): void {
    const watcher: Watcher = { fullSince: undefined };
    this.#all.set(response, watcher);
    response.on('drain', () => (watcher.fullSince = undefined));
    response.on('close', () => {
      this.#all.delete(response);
      if (this.#all.size === 0) this.#onChange();
    });
    if (this.#all.size === 1) this.#onChange();
  }

  /** Who is slow gets a later one: never more than one waits for it. */
  send(event: string): void {
    const now = performance.now();
    for (const [response, watcher] of this.#all) {
      if (watcher.fullSince === undefined) {
        if (!response.write(event)) watcher.fullSince = now;
      } else if (now - watcher.fullSince > PATIENCE_MS) response.destroy();
    }
  }

  /** The last thing that each is told. */
  end(event: string): void {
    for (const [response] of this.#all) response.end(event);
  }
}

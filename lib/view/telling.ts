/** Tells whoever watches, several times a second, how the streams are. While nobody watches, nothing is done several times a second. */
import path from 'node:path';

import { KnownStreams } from './known-streams';
import type { ViewedProgram, ViewSnapshot } from './snapshot';
import { Watchers } from './watchers';

const PERIOD_MS = 250;

/** `node` itself is said by its version. */
function commandOf([, script = '', ...args]: string[]): string {
  return [path.basename(script), ...args].join(' ');
}

export class Telling {
  readonly watchers = new Watchers(() => this.#change());
  readonly #streams = new KnownStreams();
  readonly #program: ViewedProgram = {
    pid: process.pid,
    started: Date.now(),
    command: commandOf(process.argv),
    node: process.version,
  };
  #timer: NodeJS.Timeout | undefined;

  /** The last word: how everything was at the end. */
  close(): void {
    if (this.watchers.count > 0) this.#tell();
    this.watchers.end('event: end\ndata: {}\n\n');
    clearInterval(this.#timer);
    this.#streams.close();
  }

  #change(): void {
    clearInterval(this.#timer);
    if (this.watchers.count === 0) return this.#streams.rest();
    this.#streams.watch();
    this.#timer = setInterval(() => this.#tell(), PERIOD_MS).unref();
  }

  #tell(): void {
    const now = Date.now();
    const snapshot: ViewSnapshot = { version: 1, time: now, program: this.#program, ...this.#streams.snapshot(now) };
    this.watchers.send(`data: ${JSON.stringify(snapshot)}\n\n`);
  }
}

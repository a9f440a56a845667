/** What a stream has given so far, as text. */
import { strict as assert } from 'node:assert';
import type { Readable } from 'node:stream';

import { closed, until } from '../../helpers/waiting';

export class Text {
  all = '';

  constructor(readonly stream: Readable) {
    stream.on('data', (chunk: Buffer) => (this.all += chunk.toString('latin1')));
  }

  /** Waits until that much has come, and fails unless it is `text`. */
  async reach(text: string): Promise<void> {
    await until(() => this.all.length >= text.length || this.stream.destroyed || this.stream.readableEnded);
    assert.equal(this.all, text);
  }

  /** Destroys the stream and waits for its 'close'. */
  async close(): Promise<void> {
    await closed(this.stream.destroy());
  }
}

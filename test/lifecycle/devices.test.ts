/** Streams that may be silent for ever: what they keep from others, what they cost, and how they end. */
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { promised } from '../helpers/promised';
import { askChild } from './helpers/child';

/** As measured, and half as much again. */
const RESIDENT_EACH = 80 * 1024;

if (onLinux) {
  describe('FIFOs that nobody writes to', () => {
    const folder = temporaryFolder();

    function ask<Answer>(fixture: string, what: string | number, options = {}): Promise<Answer> {
      const own = folder.path(`${fixture}-${what}`);
      mkdirSync(own);
      return askChild<Answer>(fixture, [what, own], options);
    }

    it('keep node:fs from answering when fs.createReadStream reads four of them', async () => {
      const { answeredWhileReading } = await ask<{ answeredWhileReading: boolean }>('fifos', 'node');
      assert.equal(answeredWhileReading, false);
    });

    it('keep nothing from anything when 64 device streams read them, which all close within 100 ms', async () => {
      const { closedMs } = await ask<{ closedMs: number }>('fifos', 'ours');
      assert.ok(closedMs < promised(100), `milliseconds: ${closedMs}`);
    });

    it("are opened, read and closed while libuv's pool is full", async () => {
      const { received } = await ask<{ received: string[] }>('fifos', 'full');
      assert.deepEqual(received, ['abc', 'abc']);
    });

    it('can be 500, each with a thread and little memory, and all deliver', async () => {
      const options = { node: ['--expose-gc'], times: 5 };
      const { residentEach, threads, messages } = await ask<Record<string, number>>('many', 500, options);
      assert.equal(messages, 499);
      assert.ok((threads as number) >= 500);
      assert.ok((residentEach as number) < RESIDENT_EACH, `bytes: ${residentEach}`);
    });
  });
}

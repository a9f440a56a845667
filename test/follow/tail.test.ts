/** The same rotations, seen by us and by `tail -F`. What tail loses is told, and no failure. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed } from '../helpers/waiting';
import { Lines, lineOf } from './helpers/lines';
import { rotate } from './helpers/rotating';

const LINES = 50_000;

if (onLinux) {
  describe('beside tail -F', () => {
    const folder = temporaryFolder();

    it('a stream that follows a file gets every line', async function () {
      const file = folder.write('log', lineOf(0));
      const tail = spawn('tail', ['-F', '-n', '+1', file], { stdio: ['ignore', 'pipe', 'ignore'] });
      let bytes = 0;
      tail.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
      const stream = createReadStream(file, { follow: true });
      const lines = new Lines(stream);
      await Promise.all([once(tail.stdout, 'data'), once(stream, 'data')]);
      await rotate(file, { style: 'chain', lines: LINES, rotations: 20, from: 1 });
      await lines.reach(LINES);
      const { bytesRead } = stream;
      await closed(stream.destroy());
      tail.kill();
      await once(tail, 'close');
      assert.ok(bytes > 0);
      if (this.test) this.test.title += ` [tail: ${Math.round((100 * bytes) / bytesRead)} % of the bytes]`;
    });
  });
}

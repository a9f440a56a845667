/** The real logrotate (Debian: apt install logrotate), while somebody writes. */
import { strict as assert } from 'node:assert';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { closed, until } from '../helpers/waiting';
import { describeWithPackages } from '../helpers/where';
import { Lines, lineOf } from './helpers/lines';

const ROTATIONS = 10;
const PROGRAM = ['logrotate', '/usr/sbin/logrotate'].find((name) => spawnSync(name, ['--version']).status === 0);

if (onLinux) {
  describeWithPackages({ logrotate: '/usr/sbin/logrotate' })('a file that logrotate rotates', () => {
    const folder = temporaryFolder();

    before(function () {
      if (PROGRAM === undefined) this.skip();
      // It refuses to work in a folder that others may write to.
      fs.chmodSync(folder.path('.'), 0o700);
    });

    function logrotate(file: string, style: string): Promise<unknown> {
      const text = `"${file}" {\n  rotate ${ROTATIONS + 1}\n  missingok\n  ${style}\n}\n`;
      const settings = folder.write('settings', text);
      fs.chmodSync(settings, 0o600);
      const args = ['--force', '--state', folder.path('state'), settings];
      return promisify(execFile)(PROGRAM as string, args);
    }

    for (const style of ['create 0600', 'nocreate']) {
      it(`with '${style}' is read to the last line`, async () => {
        const file = folder.write(`log-${style.slice(0, 6)}`, '');
        const lines = new Lines(createReadStream(file, { follow: true }));
        await once(lines.stream, 'ready');
        let fd = fs.openSync(file, 'a');
        let written = 0;
        for (let rotation = 0; rotation < ROTATIONS; rotation++) {
          // The writer does not know of it while it happens.
          let done = false;
          const rotated = logrotate(file, style).finally(() => (done = true));
          await until(() => {
            fs.writeSync(fd, lineOf(written++));
            return done;
          });
          await rotated;
          fs.writeSync(fd, lineOf(written++));
          fs.closeSync(fd);
          fd = fs.openSync(file, 'a');
        }
        fs.writeSync(fd, lineOf(written++));
        fs.closeSync(fd);
        await lines.reach(written);
        assert.ok(fs.existsSync(`${file}.${ROTATIONS}`));
        await closed(lines.stream.destroy());
      });
    }

    it("with 'copytruncate' is read to the last line, when what was there is read before it is cut", async () => {
      const file = folder.write('log-copy', '');
      const lines = new Lines(createReadStream(file, { follow: true }));
      await once(lines.stream, 'ready');
      const fd = fs.openSync(file, 'a');
      let written = 0;
      for (let rotation = 0; rotation < ROTATIONS; rotation++) {
        while (written % 100 < 99) fs.writeSync(fd, lineOf(written++));
        fs.writeSync(fd, lineOf(written++));
        await lines.reach(written);
        await logrotate(file, 'copytruncate');
        // Fewer bytes than before: only so can anybody see that the file was cut.
        fs.writeSync(fd, lineOf(written++));
        await lines.reach(written);
      }
      fs.closeSync(fd);
      await closed(lines.stream.destroy());
    });
  });
}

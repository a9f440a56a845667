/** What `slipring` says by itself, and who cannot hear it. */
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, itWhere, onWindows } from '../helpers/where';
import { carry, shell } from './helpers/running';

const FULL = 'slipring: cannot write the standard output: no space left on device (ENOSPC).\n';

const itWithFullDisk = itWhere(existsSync('/dev/full'), 'there is no /dev/full');

describeWhere(!onWindows, 'pipes are those of Unix')('what slipring says', () => {
  const temporary = temporaryFolder();
  let folder = '';

  before(() => {
    folder = path.dirname(temporary.fill('source', 100_000));
  });

  const read = (name: string): string => readFileSync(temporary.path(name), 'utf8');

  it('ends silently with exit code 141 when nobody reads it', async () => {
    const end = temporary.fifo();
    for (const command of ['--help', 'doctor', 'completion bash', 'bench source --rounds 1']) {
      // The reader is gone before anything is said: it says so through the FIFO.
      const line = `{ read -r < ${end}; slipring ${command}; echo $? >&2; } | { exec <&-; echo > ${end}; }`;
      const { stderr } = await shell(folder, line);
      assert.equal(stderr, '141\n', command);
    }
  });

  itWithFullDisk('says in one sentence that it cannot be written, with exit code 1', async () => {
    for (const command of ['--help', 'doctor', 'completion zsh', 'copy source null: --hash sha256']) {
      const { stderr, code } = await shell(folder, `slipring ${command} > /dev/full`);
      assert.equal(stderr, FULL, command);
      assert.equal(code, 1);
    }
  });

  itWithFullDisk('disturbs nothing that is carried when the standard error cannot be written', async () => {
    const { stdout } = await shell(folder, 'slipring copy source heard --progress --stats json 2> /dev/full; echo $?');
    assert.equal(stdout.toString(), '0\n');
    assert.equal(read('heard'), read('source'));
  });

  describe('in the file of --stats', () => {
    itWithFullDisk('fails by itself when the disk is full: all else is carried', async () => {
      const { code, stderr } = await carry(folder, 'copy', 'source', 'carried', '--stats', 'json=/dev/full');
      assert.equal(stderr, 'slipring: cannot write /dev/full: no space left on device (ENOSPC).\n');
      assert.equal(code, 1);
      assert.equal(read('carried'), read('source'));
    });

    it('never takes the place of the source or a sink', async () => {
      const source = read('source');
      const asSource = await carry(folder, 'copy', 'source', 'null:', '--stats', 'json=./source');
      assert.equal(asSource.code, 1);
      assert.match(asSource.stderr, /^slipring: \.\/source is what is to be read: .*\n$/);
      assert.equal(read('source'), source);
      const asSink = await carry(folder, 'copy', 'source', 'both', '--stats', 'json=./both');
      assert.equal(asSink.code, 1);
      assert.match(asSink.stderr, /^slipring: both is where --stats writes\. .*\n$/);
    });
  });
});

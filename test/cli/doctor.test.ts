/** `slipring doctor` and `slipring bench`: how it is here. */
import { strict as assert } from 'node:assert';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { manifest, root, run, slipring } from './helpers/command';

describe('slipring doctor', () => {
  const temporary = temporaryFolder();

  it('says which binary and which Node these are', () => {
    const { code, stdout, stderr } = slipring(root, 'doctor');
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.match(stdout, /^binary +.*\.node$/m);
    assert.ok(stdout.includes(process.versions.node));
    assert.ok(stdout.includes(`${process.platform}-${process.arch}`));
  });

  it('says why no binary loads, and what to do, with exit code 1', () => {
    const broken = temporary.write('broken.node', 'no binary');
    const main = path.join(root, manifest.bin.slipring);
    for (const command of [['doctor'], ['copy', broken, 'null:']]) {
      const { code, stdout, stderr } = run(process.execPath, [main, ...command], root, { SLIPRING_BINARY: broken });
      assert.equal(code, 1);
      assert.match(stdout + stderr, /broken\.node does not load: .*npx slipring build/);
      assert.doesNotMatch(stdout + stderr, /\n +at /);
    }
  });

  it('has nothing to do with words', () => {
    assert.equal(slipring(root, 'doctor', 'who').code, 2);
  });
});

describe('slipring bench', () => {
  const temporary = temporaryFolder();

  it('reads a file in several ways, each beside node:fs', () => {
    const file = temporary.fill('file', 1_000_000);
    const { code, stdout, stderr } = slipring(root, 'bench', file, '--rounds', '1');
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.equal(stdout.match(/^(?:slipring|node:fs), .* +\d+\.\d\d GB\/s +\d+\.\d×$/gm)?.length, 4);
    assert.match(stdout, /^node:fs, chunks +\S+ GB\/s +1\.0×$/m);
  });

  it('reads a source without an end no further than it may', () => {
    const { code, stdout } = slipring(root, 'bench', 'pattern:', '--rounds', '1', '--max-bytes', '1M');
    assert.equal(code, 0);
    assert.match(stdout, /^slipring, slots\(\) +\S+ GB\/s\n$/);
  });

  it('says what cannot be read or measured, with exit code 1', () => {
    const cases = [
      [temporary.path('missing'), /^slipring: cannot read .*ENOENT\)\.\n$/],
      ['x'.repeat(300), /^slipring: cannot read x+: .*\n$/],
      [temporary.write('empty', ''), /^slipring: there is nothing to measure: .*\n$/],
    ] as const;
    for (const [source, said] of cases) {
      const { code, stdout, stderr } = slipring(root, 'bench', source);
      assert.equal(stdout, '');
      assert.match(stderr, said);
      assert.equal(code, 1);
    }
  });

  it('refuses what makes no sense with exit code 2', () => {
    const file = temporary.write('refused', 'bytes');
    for (const option of ['--slots=0', '--slot-size=0', '--rounds=0', '--max-bytes=0'])
      assert.equal(slipring(root, 'bench', file, option).code, 2, option);
  });
});

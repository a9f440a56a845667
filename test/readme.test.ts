/** What the README shows runs as it stands. */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(__dirname, '..', '..');
const snippets = [...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```js\n([^]*?)```/g)].map(
  ([, code]) => code as string,
);

describe('the README', () => {
  let folder = '';

  // Inside the package, whose name the examples import.
  before(() => {
    mkdirSync(path.join(root, 'build'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'build', 'readme-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('has three examples', () => {
    assert.equal(snippets.length, 3);
  });

  for (const [number, code] of snippets.entries()) {
    it(`has an example ${number + 1} that runs`, async () => {
      const file = path.join(folder, `example-${number + 1}.mjs`);
      writeFileSync(file, code);
      const { stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
      assert.equal(stderr, '');
    });
  }
});

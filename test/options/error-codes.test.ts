/** docs/errors.md has every code that can be thrown or emitted, and no other. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..', '..', '..');

/** What Node's own functions throw through ours, and those that some runtime lets through. */
const NODES = [
  'ABORT_ERR',
  'ERR_INVALID_FILE_URL_HOST',
  'ERR_INVALID_FILE_URL_PATH',
  'ERR_INVALID_URL_SCHEME',
  'ERR_UNKNOWN_ENCODING',
];

/** Node's words for what it does not load, which are part of a message of ours. */
const QUOTED = ['ERR_DLOPEN_DISABLED'];

function codesIn(text: string, pattern: RegExp): Set<string> {
  return new Set(Array.from(text.matchAll(pattern), ([, code]) => code as string));
}

describe('docs/errors.md', () => {
  const page = readFileSync(path.join(root, 'docs', 'errors.md'), 'utf8');
  const documented = codesIn(page, /^\| `((?:ERR|ABORT)_\w+)`/gm);
  // The command line's own mistakes end the command, not a stream.
  const files = readdirSync(path.join(root, 'lib'), { recursive: true, encoding: 'utf8' });
  const library = files.filter((file) => file.endsWith('.ts') && !file.startsWith('cli'));
  const thrown = new Set(
    library.flatMap((file) => [...codesIn(readFileSync(path.join(root, 'lib', file), 'utf8'), /'(ERR_\w+)'/g)]),
  );

  it('has every code that the library makes', () => {
    assert.ok(thrown.size > 10);
    assert.deepEqual(
      [...thrown].filter((code) => !documented.has(code) && !QUOTED.includes(code)),
      [],
    );
  });

  it('has no code that nobody makes', () => {
    assert.deepEqual(
      [...documented].filter((code) => !thrown.has(code) && !NODES.includes(code)),
      [],
    );
  });

  it("has the codes of Node's that come through", () => {
    assert.deepEqual(
      NODES.filter((code) => !documented.has(code)),
      [],
    );
  });
});

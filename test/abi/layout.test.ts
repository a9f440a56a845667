/** What `npm run lint:abi` sees: every change of the header that a plugin compiled before it would not survive. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { include } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { describeWithCompiler } from '../plugin/helpers/library';
import { root } from './helpers/kept';

describeWithCompiler('the check of the header', () => {
  const folder = temporaryFolder();
  const headers = ['source.h', 'chunk.h'].map((name) => {
    return { name, text: readFileSync(path.join(include, 'slipring', name), 'utf8') };
  });

  /** What the check says of the header when `was`, which is there once, is replaced by `is`. */
  function check(was: string, is: string): { code: number | null; problems: string[] } {
    const places = headers.reduce((sum, { text }) => sum + text.split(was).length - 1, 0);
    assert.equal(places, 1, `"${was}" is not there once`);
    const [file] = headers.map(({ name, text }) => folder.write(name, text.replace(was, is)));
    const args = [path.join(root, 'scripts', 'check-abi.mjs'), file as string];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { code: status, problems: stderr.split('\n').filter((line) => line !== '') };
  }

  const stamps = '  uint64_t timestamp; /* nanoseconds, CLOCK_MONOTONIC */\n';

  for (const [what, was, is, ...found] of [
    ['moved', `${stamps}  uint64_t user;\n`, `  uint64_t user;\n${stamps}`, 'chunk.timestamp', 'chunk.user'],
    ['inserted', stamps, `  uint64_t between;\n${stamps}`, 'chunk.timestamp', 'chunk.user', 'chunk.between'],
    ['taken away', '  uint64_t user;\n', '', 'chunk.user'],
    ['renamed', '  uint64_t user;\n', '  uint64_t word;\n', 'chunk.user', 'chunk.word'],
    ['made longer', 'char text[224]', 'char text[232]', 'error.text'],
    ['made shorter', 'char text[224]', 'char text[220]', 'error.text', 'error'],
    ['made signed', 'uint32_t truncated;', 'int32_t truncated;', 'chunk.truncated'],
    ['made writable', 'const char* text;', 'char* text;', 'option.text'],
    ['called in another way', 'void (*close)(void* self);', 'void (*close)(void* self, int why);', 'source.close'],
    ['made to return something', 'void (*cancel)(void* self);', 'int32_t (*cancel)(void* self);', 'source.cancel'],
  ] as const) {
    it(`finds a field that was ${what}`, () => {
      const { code, problems } = check(was, is);
      assert.equal(code, 1);
      for (const name of found) assert.ok(problems.some((problem) => problem.includes(` slipring_${name} `)));
    });
  }

  for (const [what, was, is, found] of [
    ['has another value', 'SLIPRING_NOTHING \\\n  (-2)', 'SLIPRING_NOTHING \\\n  (-3)', 'SLIPRING_NOTHING'],
    ['has another type', 'SLIPRING_HINT_BEHIND 1u', 'SLIPRING_HINT_BEHIND 1ull', 'SLIPRING_HINT_BEHIND'],
    ['is gone', '#define SLIPRING_CHUNK_MORE 1u', '', 'SLIPRING_CHUNK_MORE'],
    ['grew with the table', 'slipring_source, flags)', 'slipring_source, flags) + 8', 'SLIPRING_SOURCE_SIZE_1_0'],
  ] as const) {
    it(`finds a constant that ${what}`, () => {
      const { code, problems } = check(was, is);
      assert.equal(code, 1);
      assert.ok(problems.some((problem) => problem.includes(` ${found} `)));
    });
  }

  it('finds a field in the padding at the end of a struct', () => {
    const { code, problems } = check('uint32_t flags; /* SLIPRING_S', 'uint32_t flags; uint32_t more; /* SLIPRING_S');
    assert.equal(code, 1);
    assert.ok(problems.every((problem) => problem.includes(' slipring_source.more ')));
  });

  it('finds nothing in what is added at the end of a struct, or beside it', () => {
    for (const [was, is] of [
      ['uint32_t flags; /* SLIPRING_S', 'uint32_t flags; uint64_t more; /* SLIPRING_S'],
      ['  int64_t integer;', '  int64_t integer; void (*more)(const char* what);'],
      ['#define SLIPRING_CHUNK_MORE 1u', '#define SLIPRING_CHUNK_MORE 1u\n#define SLIPRING_CHUNK_LESS 2u'],
      [
        'typedef struct slipring_options {',
        'typedef struct slipring_more { int a; } slipring_more;\ntypedef struct slipring_options {',
      ],
    ] as const) {
      assert.deepEqual(check(was, is), { code: 0, problems: [] });
    }
  });
});

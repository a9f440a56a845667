// How the compiler lays out what a header declares: asked of a small program in C that prints it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const compiler = process.env.CC || 'cc';

function program(file, { structs, constants }, types) {
  const lines = [];
  for (const [struct, fields] of structs) {
    lines.push(`printf("\\"${struct}\\": {\\"size\\": %zu},\\n", sizeof(struct ${struct}));`);
    for (const name of fields.keys()) {
      const field = `((struct ${struct}*)0)->${name}`;
      const type = types.structs.get(struct)?.get(name);
      const same = type === undefined ? '1' : `__builtin_types_compatible_p(__typeof__(${field}), ${type})`;
      const text = `\\"${struct}.${name}\\": {\\"offset\\": %zu, \\"size\\": %zu, \\"same\\": %d},\\n`;
      lines.push(`printf("${text}", offsetof(struct ${struct}, ${name}), sizeof(${field}), ${same});`);
    }
  }
  for (const name of constants) {
    const text = `\\"${name}\\": {\\"value\\": \\"%llu of %zu bytes\\"},\\n`;
    lines.push(`printf("${text}", (unsigned long long)(${name}), sizeof(${name}));`);
  }
  const body = lines.map((line) => `  ${line}\n`).join('');
  return `#include "${file}"\n#include <stdio.h>\nint main(void) {\n  puts("{");\n${body}  puts("\\"\\": {}}");\n}\n`;
}

/**
 * The layout of the header in `file`, of which `header` was parsed, by name: of each struct its `size`, of each field its
 * `offset`, its `size`, and whether it has the `same` type as in `types`, another parsed header; of each constant its
 * `value`.
 */
export function layoutOf(file, header, types) {
  const folder = mkdtempSync(join(tmpdir(), 'slipring-abi-'));
  try {
    const [source, binary] = ['layout.c', 'layout'].map((name) => join(folder, name));
    writeFileSync(source, program(file, header, types));
    execFileSync(compiler, ['-std=gnu11', '-o', binary, source], { stdio: ['ignore', 'inherit', 'inherit'] });
    return JSON.parse(execFileSync(binary, { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

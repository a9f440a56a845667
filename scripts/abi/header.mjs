// What slipring/source.h declares, as text: enough C for that header, and an error for what it does not understand.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Macros that are no numbers. */
const NO_CONSTANTS = ['SLIPRING_EXPORT'];

function clean(text) {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ').replace(/\\\n/g, ' ');
}

/** The name of a field, and its type as it would stand in a cast. */
function parseField(declaration) {
  const patterns = [
    /^(?<before>[^()]*\(\*)(?<name>\w+)(?<after>\)\s*\(.*\))$/s, // int32_t (*open)(void** self)
    /^(?<before>[\w\s*]*[\s*])(?<name>\w+)(?<after>\[[^,]+\])$/, // char text[224]
    /^(?<before>[\w\s*]*[\s*])(?<name>\w+)(?<after>)$/, // const char* name
  ];
  const match = patterns.map((pattern) => pattern.exec(declaration)).find(Boolean);
  if (!match) throw new Error(`This is no field that can be understood: ${declaration}`);
  const { before, name, after } = match.groups;
  return [name, `${before}${after}`.replace(/\s+/g, ' ')];
}

/** The text of a header, with those beside it that it includes. */
function read(file) {
  const included = (_, name) => read(join(dirname(file), name));
  return readFileSync(file, 'utf8').replace(/^#include "([^"]+)"$/gm, included);
}

/**
 * The structs of the header in `file` and its constants: `structs` maps the name of each to a Map of its fields, in their
 * order, by name to type.
 */
export function parseHeader(file) {
  const code = clean(read(file));
  const structs = new Map();
  for (const [, name, body] of code.matchAll(/\btypedef\s+struct\s+(\w+)\s*\{([^}]*)\}\s*\1\s*;/g)) {
    const declarations = body.split(';').map((declaration) => declaration.trim());
    structs.set(name, new Map(declarations.filter((declaration) => declaration !== '').map(parseField)));
  }
  const opened = code.match(/\b(struct|union|enum)\b[^;{()]*\{/g)?.length ?? 0;
  if (opened !== structs.size) throw new Error(`${opened} types are defined, and ${structs.size} can be understood`);
  const names = [...code.matchAll(/^\s*#\s*define\s+(SLIPRING_\w+)[ \t]+\S/gm)].map(([, name]) => name);
  const constants = names.filter((name) => !NO_CONSTANTS.includes(name));
  return { structs, constants };
}

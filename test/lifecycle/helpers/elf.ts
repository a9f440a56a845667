/** What the dynamic linker is told about a shared library: as much of ELF (64 bits, little-endian) as the tests need. */
import { readFileSync } from 'node:fs';

const SECTION_TABLE = { offset: 0x28, entrySize: 0x3a, count: 0x3c };
const SECTION = { type: 0x04, offset: 0x18, size: 0x20, link: 0x28 };
const TYPE = { dynamic: 6, symbols: 11, constructors: 14, destructors: 15 };
const SYMBOL = { size: 24, name: 0, section: 6 };
const FLAGS_1 = 0x6ffffffbn;
const NODELETE = 8n;

interface Section {
  type: number;
  offset: number;
  size: number;
  link: number;
}

export interface SharedLibrary {
  /** Whether it is marked to stay in memory after dlclose(). */
  staysMapped: boolean;
  /** Functions that the linker calls when the library is loaded, and when the process exits. */
  constructors: number;
  destructors: number;
  /** The names of what it takes from other libraries. */
  imports: string[];
}

function sectionsOf(file: Buffer): Section[] {
  const table = Number(file.readBigUInt64LE(SECTION_TABLE.offset));
  const entrySize = file.readUInt16LE(SECTION_TABLE.entrySize);
  return Array.from({ length: file.readUInt16LE(SECTION_TABLE.count) }, (_, index) => {
    const at = table + index * entrySize;
    return {
      type: file.readUInt32LE(at + SECTION.type),
      offset: Number(file.readBigUInt64LE(at + SECTION.offset)),
      size: Number(file.readBigUInt64LE(at + SECTION.size)),
      link: file.readUInt32LE(at + SECTION.link),
    };
  });
}

function isNodelete(file: Buffer, dynamic: Section): boolean {
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    if (file.readBigUInt64LE(at) === FLAGS_1) return (file.readBigUInt64LE(at + 8) & NODELETE) !== 0n;
  }
  return false;
}

function importsOf(file: Buffer, symbols: Section, names: Section): string[] {
  const imports: string[] = [];
  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += SYMBOL.size) {
    if (file.readUInt16LE(at + SYMBOL.section) !== 0) continue;
    const begin = names.offset + file.readUInt32LE(at + SYMBOL.name);
    imports.push(file.toString('latin1', begin, file.indexOf(0, begin)));
  }
  return imports;
}

export function readSharedLibrary(path: string): SharedLibrary {
  const file = readFileSync(path);
  const sections = sectionsOf(file);
  const find = (type: number): Section | undefined => sections.find((section) => section.type === type);
  const pointers = (type: number): number => (find(type)?.size ?? 0) / 8;
  const symbols = find(TYPE.symbols) as Section;
  return {
    staysMapped: isNodelete(file, find(TYPE.dynamic) as Section),
    constructors: pointers(TYPE.constructors),
    destructors: pointers(TYPE.destructors),
    imports: importsOf(file, symbols, sections[symbols.link] as Section),
  };
}

/** The path of the addon in this process's memory, just compiled or prebuilt; empty when there is none. */
export function loadedAddon(): string {
  const maps = readFileSync('/proc/self/maps', 'utf8');
  return /\/.*\/slipring(\.\w+)?\.node$/m.exec(maps)?.[0] ?? '';
}

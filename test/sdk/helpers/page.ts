/** A page of documentation, taken apart: its fenced blocks, and what they promise. */
import { readFileSync } from 'node:fs';

export interface Block {
  /** What the fence says: `c`, `sh`, … */
  language: string;
  code: string;
  /** What its first line, a comment, begins with: the name of a file. Undefined for commands. */
  file: string | undefined;
}

/** All of the page's blocks. One that would be a file, and does not say of what name, is a mistake. */
export function blocksOf(page: string): Block[] {
  const fences = [...readFileSync(page, 'utf8').matchAll(/^```(.*)\n([^]*?)^```$/gm)];
  return fences.map(([, language = '', code = '']) => {
    const [, file] = /^(?:\/\*|\/\/|#) ([\w.-]+\.\w+)\b/.exec(code) ?? [];
    if (language !== 'sh' && file === undefined) throw new Error(`A block without the name of a file:\n${code}`);
    return { language, code, file };
  });
}

/** The lines that a script prints, as the comment at its end has them: `// prints:`, or `// prints, in any order:`. */
export function printedBy(code: string): { lines: string[]; anyOrder: boolean } {
  const [, how, lines] = /^\/\/ prints(, in any order)?:\n((?:\/\/ .*\n)+)$/m.exec(code) ?? [];
  if (lines === undefined) throw new Error('It does not say what it prints.');
  return {
    lines: lines
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(3)),
    anyOrder: how !== undefined,
  };
}

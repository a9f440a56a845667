/** What the table says of a command. Help, usage errors, completions and the manual page are made of nothing else. */

export interface Option {
  /** Without its dashes. */
  name: string;
  short?: string;
  /** What its argument is called. Without one it is a switch. */
  value?: string;
  /** The argument may be left out. It is told from an operand by an equals sign before it. */
  isOptional?: boolean;
  /** The only arguments it takes. */
  choices?: readonly string[];
  /** One line. */
  help: string;
}

/** A list of what may stand for an operand, such as the sources. */
export interface List {
  title: string;
  rows: readonly (readonly [what: string, meaning: string])[];
}

export interface Command {
  name: string;
  /** Its operands, as the usage line has them. */
  operands: string;
  /** What an operand is, for completions. */
  completes: 'file' | 'folder' | 'nothing';
  /** The only words that an operand may be. */
  words?: readonly string[];
  /** For the list of all commands: one line. */
  summary: string;
  /** A few sentences. */
  about: string;
  lists?: readonly List[];
  options: readonly Option[];
  examples: readonly (readonly [command: string, what: string])[];
}

/** That of every command. */
export const HELP: Option = { name: 'help', short: 'h', help: 'shows this' };

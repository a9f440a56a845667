/** A command line, read by what the table says of its command. */
import { parseArgs } from 'node:util';

import { type Failure, usage } from './failure';
import { type Command, HELP, type Option } from './table';
import { countOf, durationOf, sizeOf } from './values';

type Values = Record<string, string | boolean | undefined>;

/** What was given. Every method throws a usage error for what makes no sense. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #command: string;
  readonly #options: readonly Option[];
  readonly #values: Values;

  constructor(command: Command, args: string[]) {
    this.#command = `slipring ${command.name}`;
    this.#options = [...command.options, HELP];
    const { values, operands } = this.#parse(args);
    this.#values = values;
    this.operands = operands;
    for (const { name, choices } of this.#options) {
      const text = this.text(name);
      if (text !== undefined && choices && !choices.includes(text)) {
        throw this.wrong(`--${name} is one of ${choices.join(', ')}, and not "${text}".`);
      }
    }
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  size(name: string): number | undefined {
    return this.#convert(name, sizeOf, 'a number of bytes, such as 500, 64K or 1.5G');
  }

  /** Milliseconds. */
  duration(name: string): number | undefined {
    return this.#convert(name, durationOf, 'a time, such as 500ms, 10s, 5m, 2h or 1d');
  }

  count(name: string): number | undefined {
    return this.#convert(name, countOf, 'a whole number');
  }

  /** @returns the error to throw: the command line makes no sense */
  wrong(message: string): Failure {
    return usage(message, this.#command);
  }

  #convert(name: string, convert: (text: string) => number | undefined, expected: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = convert(text);
    if (value === undefined) throw this.wrong(`--${name} takes ${expected}, and not "${text}".`);
    return value;
  }

  /** An argument that was left out is an empty one: node:util knows only options that need theirs, and options without. */
  #completed(args: readonly string[]): string[] {
    const names = this.#options.filter(({ isOptional }) => isOptional).map(({ name }) => `--${name}`);
    const end = args.indexOf('--');
    return args.map((arg, i) => (names.includes(arg) && (end === -1 || i < end) ? `${arg}=` : arg));
  }

  #parse(args: string[]): { values: Values; operands: string[] } {
    const options = Object.fromEntries(
      this.#options.map(({ name, short, value }) => {
        const type = value === undefined ? ('boolean' as const) : ('string' as const);
        return [name, short === undefined ? { type } : { type, short }];
      }),
    );
    try {
      const { values, positionals } = parseArgs({ args: this.#completed(args), options, allowPositionals: true });
      return { values, operands: positionals };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code?.startsWith('ERR_PARSE_ARGS_')) throw this.wrong(message);
      throw error;
    }
  }
}
